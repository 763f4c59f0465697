/** A place in an order that grows. */
interface Place {
  readonly name: string;
  next: Place | undefined;
}

/** The order of names as rows show it that have some of them each: a new one stands behind the one before it in its row. */
export class ColumnOrder {
  readonly #places = new Map<string, Place>();
  #first: Place | undefined;
  /** The one before in the row. */
  #before: Place | undefined;

  /** Begins a row. */
  begin(): void {
    this.#before = undefined;
  }

  /** The next of a row. */
  take(name: string): void {
    this.#before = this.#places.get(name) ?? this.#insert(name);
  }

  *[Symbol.iterator](): Generator<string> {
    for (let place = this.#first; place !== undefined; place = place.next) yield place.name;
  }

  #insert(name: string): Place {
    const before = this.#before;
    const place: Place = { name, next: before === undefined ? this.#first : before.next };
    if (before === undefined) this.#first = place;
    else before.next = place;
    this.#places.set(name, place);
    return place;
  }
}
