/** Why a picture was not decoded. Bad data never trap: they end in one of these. */

export enum Problem {
  None,
  NoHeader,
  UnknownFormat,
  WrongSize,
  TooShort,
  Png,
  NotJpeg,
  Truncated,
  BadSegment,
  BadHuffmanTable,
  BadHuffmanCode,
  BadScan,
  MissingTable,
  MissingScan,
  MissingRestart,
  Precision,
  Process,
  Components,
  TooLarge,
}

export function problemText(problem: Problem): string {
  switch (problem) {
    case Problem.NoHeader: return "the payload is shorter than its header";
    case Problem.UnknownFormat: return "the format of the payload is unknown";
    case Problem.WrongSize: return "the payload states an impossible width, height or row stride";
    case Problem.TooShort: return "there are fewer bytes than width, height and format need";
    case Problem.Png: return "PNG is not supported";
    case Problem.NotJpeg: return "the data do not start as a JPEG";
    case Problem.Truncated: return "the JPEG ends too early";
    case Problem.BadSegment: return "a segment of the JPEG is malformed";
    case Problem.BadHuffmanTable: return "a Huffman table of the JPEG is malformed";
    case Problem.BadHuffmanCode: return "the JPEG has a code that its Huffman table lacks, or coefficients beyond a block";
    case Problem.BadScan: return "a scan of the JPEG is malformed";
    case Problem.MissingTable: return "the JPEG uses a table that it does not define";
    case Problem.MissingScan: return "the JPEG lacks the data of a component";
    case Problem.MissingRestart: return "the JPEG lacks a restart marker";
    case Problem.Precision: return "the JPEG has samples of more than 8 bits";
    case Problem.Process: return "the JPEG is lossless, hierarchical or arithmetically coded";
    case Problem.Components: return "the JPEG has neither 1 nor 3 colour components, or unusual sampling factors";
    case Problem.TooLarge: return "the picture is larger than 8192 pixels a side or 16 megapixels";
    default: return "no problem";
  }
}
