/** What generated bindings and guests share. */
export { abortText } from "./abort-text";
export { allocate, endCall, reallocate } from "./arena";
export { flatJson } from "./flat-json";
export { JsonWriter, newJsonWriter } from "./json-writer";
export { newTextWriter, TextWriter } from "./text-writer";
export {
  Bytes, bytes, bytesOf, Chars, chars, charsOf, Floats, floats, floatsOf, List, ListBuilder, listOf, loadString, newBytes,
  newFloats, newList, newListBuilder, storeString,
} from "./views";
