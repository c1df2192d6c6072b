import { totpCode, totpStep } from '../../../src/domain/credentials/totp.ts';
import { addTotp } from '../../../src/domain/lifecycle/change-second-factors.ts';
import type { User } from '../../../src/domain/users/user.ts';
import type { RunningServer } from '../../support/running-server.ts';
import type { Page } from '../../support/web-visitor.ts';
import { aPerson } from '../interaction/a-sign-in.ts';

export const seed = Buffer.from('a seed of the tests!');

/** Server and test read one clock: now, or so many steps away. */
export const codeNow = (drift = 0): string => totpCode(seed, totpStep(new Date()) + drift);

/** A code that is certainly none of those that count. */
export function wrongCode(): string {
  const good = new Set([-2, -1, 0, 1, 2].map(codeNow));
  const candidates = ['000000', '111111', '222222', '333333', '444444', '555555'];
  return candidates.find((code) => !good.has(code)) ?? '';
}

const secretsOf = ({ foundation: { keyRing } }: RunningServer) => ({
  seal: keyRing.seal,
  open: keyRing.open,
  recoveryKey: keyRing.derive('recovery codes'),
});

export type Enrolled = { readonly user: User; readonly recoveryCodes: readonly string[] };

/** Somebody with an authenticator app; every code of it is still to be used. */
export async function aPersonWithTotp(server: RunningServer): Promise<Enrolled> {
  const user = await aPerson(server);
  return { user, recoveryCodes: await giveTotp(server, user.id) };
}

/** Answers the recovery codes. */
export async function giveTotp(server: RunningServer, userId: string): Promise<readonly string[]> {
  const actor = { type: 'user', id: userId } as const;
  const added = await server.foundation.transact(actor, (tx) =>
    addTotp(tx, secretsOf(server), { userId, seed, code: codeNow() }),
  );
  if (added.kind !== 'added') throw new Error('the code changed meanwhile');
  await forgetUses(server, userId);
  return added.recoveryCodes;
}

/** As if time had passed: codes of now count again. */
export async function forgetUses({ foundation }: RunningServer, userId: string): Promise<void> {
  await foundation.pool.query('UPDATE totp_credentials SET last_step = 0 WHERE user_id = $1', [userId]);
}

/** The seed as a person types it into their app. */
export function seedOf(key: string): Buffer {
  const bits = [...key.replace(/ /g, '')].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

export const seedOn = ({ html }: Page): Buffer => seedOf(/totp-key">([A-Z2-7 ]+)</.exec(html)?.[1] ?? '');

export const codeOn = (page: Page): string => totpCode(seedOn(page), totpStep(new Date()));
