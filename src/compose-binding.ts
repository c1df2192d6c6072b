import type { Middleware } from 'koa';
import type { Foundation } from './compose-foundation.ts';
import type { ComposedProvider } from './compose-provider.ts';
import { deviceBoundEndpoints } from './endpoints/device-bound/device-bound-endpoints.ts';
import { createReplayDetection } from './endpoints/oidc/replay-detection.ts';

/** Where it is off those that are bound stay so, and go on proving themselves. */
export const composeDeviceBinding = (
  { transact, clock, pool }: Foundation,
  { boundSessions }: ComposedProvider,
  issuer: string,
): Middleware =>
  deviceBoundEndpoints({
    ...{ issuer, transact, clock, binding: boundSessions.binding },
    findSession: boundSessions.find,
    isFirst: createReplayDetection(pool),
  });
