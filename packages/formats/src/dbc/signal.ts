/** What a DBC file says of a message on a CAN bus. */
export interface DbcMessage {
  readonly name: string;
  /** 11 or 29 bit. */
  readonly id: number;
  readonly isExtended: boolean;
  readonly lengthBytes: number;
  readonly signals: readonly DbcSignal[];
}

/** Where a signal lies in a frame's data, and what its bits mean. */
export interface DbcSignal {
  readonly name: string;
  /** Bit at which it starts: its lowest for little-endian signals, its highest for big-endian ones; bit n is bit n % 8 of byte n / 8. */
  readonly start: number;
  /** Bits, 1 … 64. */
  readonly length: number;
  readonly isLittleEndian: boolean;
  readonly type: "unsigned" | "signed" | "float32" | "float64";
  /** Its value is raw · factor + offset. */
  readonly factor: number;
  readonly offset: number;
  readonly unit: string;
  /** Names of raw values. */
  readonly texts: ReadonlyMap<number, string>;
  /** Whether its raw value selects others. */
  readonly isSwitch: boolean;
  /** Which raw values of which signal it is there for; always there without. */
  readonly selection: Selection | undefined;
}

export interface Selection {
  readonly by: string;
  /** Both inclusive. */
  readonly ranges: readonly (readonly [first: number, last: number])[];
}
