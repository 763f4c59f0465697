import type { SimulationHandle } from "@playhead/simulator";

/** Holds one simulation at most. Opening and closing happen one after the other, in the order in which they are asked for. */
export class HeldSimulation {
  #current: SimulationHandle | undefined;
  #turns: Promise<unknown> = Promise.resolve();
  #ended = false;

  /** The simulation, once what was asked for before is done. */
  async get(): Promise<SimulationHandle | undefined> {
    await this.#turns;
    return this.#current;
  }

  /** Closes the simulation before, then opens another. Rejects as `open` does, and after `end`. */
  replace(open: () => Promise<SimulationHandle>): Promise<SimulationHandle> {
    return this.#inTurn(async () => {
      if (this.#ended) throw new Error("the server has been closed");
      await this.#closeCurrent();
      const opened = await open();
      this.#current = opened;
      return opened;
    });
  }

  close(): Promise<void> {
    return this.#inTurn(() => this.#closeCurrent());
  }

  /** Closes for good; what is being opened is closed as soon as it is open. */
  end(): Promise<void> {
    this.#ended = true;
    return this.close();
  }

  async #closeCurrent(): Promise<void> {
    const session = this.#current;
    this.#current = undefined;
    await session?.close();
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#turns.then(run);
    this.#turns = turn.catch(() => undefined);
    return turn;
  }
}
