import { ComponentError } from "../../packages/component-model/src/index.ts";
import type { FuncType } from "../../packages/component-model/src/types.ts";

/** A function, and for each call of it the arguments and what the host answers. */
export interface Calls {
  readonly type: FuncType;
  readonly samples: readonly Sample[];
}

interface Sample {
  readonly args: unknown[];
  readonly answer: unknown;
}

/** What a call did: the arguments that reached the host, and what came back or was thrown. */
export interface Outcome {
  readonly received: unknown;
  readonly returned?: unknown;
  readonly thrown?: unknown;
}

export type Api = { readonly [name: string]: (...args: unknown[]) => unknown };

/** A host for `f0`, `f1`, …, which answer as the sample of the moment says. */
export class Host {
  readonly api: { [name: string]: (...args: unknown[]) => unknown } = {};
  #answer: unknown;
  #received: unknown;

  constructor(calls: readonly Calls[]) {
    for (const [index, { type }] of calls.entries()) {
      this.api[`f${index}`] = (...args) => {
        this.#received = args;
        return answered(type, this.#answer);
      };
    }
  }

  /** Calls a function through a guest that passes the call on to this host. */
  call(guest: Api, name: string, sample: Sample): Outcome {
    this.#answer = sample.answer;
    this.#received = "nothing";
    try {
      const returned = guest[name]?.(...sample.args);
      return { received: this.#received, returned };
    } catch (error) {
      const isResult = (error as Error).constructor.name === "ComponentError";
      const thrown = isResult ? { payload: (error as { payload: unknown }).payload } : error;
      return { received: this.#received, thrown };
    }
  }
}

/** What a host function does: the `error` of a result is thrown. */
function answered({ result }: FuncType, answer: unknown): unknown {
  if (result?.kind !== "result") return answer;
  const { tag, val } = answer as { tag: "ok" | "err"; val: unknown };
  if (tag === "err") throw new ComponentError(val);
  return val;
}

/** What a call does when values stay what they are. */
export function outcomeOf(type: FuncType, { args, answer }: Sample): Outcome {
  try {
    return { received: args, returned: answered(type, answer) };
  } catch (error) {
    return { received: args, thrown: { payload: (error as ComponentError).payload } };
  }
}
