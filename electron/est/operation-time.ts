/**
 * The time one operation may take at the server, over all of its requests: those after a challenge, after a
 * redirect and over another connection too.
 */
export class OperationTime {
  readonly #most: number;
  #end: number;

  /** @param most milliseconds */
  constructor(most: number) {
    this.#most = most;
    this.#end = performance.now() + most;
  }

  /** Another operation begins and has all the time. */
  begin(): void {
    this.#end = performance.now() + this.#most;
  }

  /** Whole milliseconds; 0 when it is over. */
  get left(): number {
    return Math.max(0, Math.floor(this.#end - performance.now()));
  }

  /** Does something that takes its own time: a person may be asked, a token may sign. */
  async suspended<Result>(work: () => Promise<Result>): Promise<Result> {
    const began = performance.now();
    try {
      return await work();
    } finally {
      this.#end += performance.now() - began;
    }
  }
}
