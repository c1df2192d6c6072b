import type { Context } from 'koa';
import {
  type DeviceTokens,
  formatDeviceTokens,
  knownDeviceLifetimeSeconds,
  parseDeviceTokens,
} from '../../domain/authentication/known-devices.ts';

// RFC 6265bis §4.1.3.2: with this prefix no other host can set or overwrite it.
const nameFor = (issuer: string): string =>
  issuer.startsWith('https:') ? '__Host-doorward_device' : 'doorward_device';

export function readDeviceTokens(ctx: Context, issuer: string): DeviceTokens {
  return parseDeviceTokens(ctx.cookies.get(nameFor(issuer), { signed: false }));
}

export function writeDeviceTokens(ctx: Context, issuer: string, tokens: DeviceTokens): void {
  ctx.cookies.set(nameFor(issuer), formatDeviceTokens(tokens), {
    httpOnly: true,
    sameSite: 'lax',
    secure: issuer.startsWith('https:'),
    path: '/',
    maxAge: knownDeviceLifetimeSeconds * 1000,
    signed: false,
    overwrite: true,
  });
}
