import { useMessages } from './look.ts';

/** Says a wait in words, rounded up: "20 seconds", "a minute", "4 minutes". Called at the top of a component, like every hook. */
export function useWaitTime(): (retryAfterSeconds: number) => string {
  const { waitSeconds, waitMinutes } = useMessages('common');
  return (retryAfterSeconds) => {
    const whole = Math.max(1, Math.ceil(retryAfterSeconds));
    return whole < 60 ? waitSeconds({ count: whole }) : waitMinutes({ count: Math.ceil(whole / 60) });
  };
}
