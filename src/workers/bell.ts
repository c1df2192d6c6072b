export type Bell = {
  ring(): void;
  /** Forgets earlier rings. */
  reset(): void;
  /** True when it has rung since the last reset. */
  readonly hasRung: boolean;
  /** Resolves when the bell rings, has rung since the last reset, or after so many milliseconds. */
  wait(milliseconds: number): Promise<void>;
};

/** Wakes one waiting loop; a ring that comes while nobody waits is not lost. */
export function createBell(): Bell {
  let hasRung = false;
  let wake: (() => void) | undefined;
  return {
    ring() {
      hasRung = true;
      wake?.();
    },
    reset() {
      hasRung = false;
    },
    get hasRung() {
      return hasRung;
    },
    async wait(milliseconds) {
      if (hasRung) return;
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        wake = resolve;
        timer = setTimeout(resolve, milliseconds);
        timer.unref();
      });
      clearTimeout(timer);
      wake = undefined;
    },
  };
}
