import { describe, expect, it } from '@jest/globals';
import { createAnonymousRefusals, refusalLimits } from '../../../src/domain/audit/anonymous-refusals.ts';

const START = Date.UTC(2026, 0, 1);
const at = (seconds: number) => new Date(START + seconds * 1000);
const refusal = { type: 'tokens.refused', outcome: 'refused', reason: 'invalid_client' } as const;
const from = (ipAddress: string) =>
  ({ type: 'anonymous', id: 'anonymous', ipAddress, requestId: `of ${ipAddress}` }) as const;

function aBook() {
  let counted = 0;
  const refusals = createAnonymousRefusals({
    onCounted: () => {
      counted += 1;
    },
  });
  const admitted = (addresses: readonly string[], seconds = 0): number =>
    addresses.filter((address) => refusals.admits(refusal, from(address), at(seconds))).length;
  return { refusals, admitted, counted: () => counted };
}
const times = (count: number, address: (n: number) => string) => Array.from({ length: count }, (_, n) => address(n));

describe('refusals of unknown callers (SECURITY-LESSONS 37)', () => {
  it.each([
    ['one address', 'address', '192.0.2.1', () => '192.0.2.1'],
    ['the addresses of one /64', 'address', '2001:db8::/64', (n: number) => `2001:db8::${n.toString(16)}`],
    ['the addresses of one /24', 'network', '192.0.2.0/24', (n: number) => `192.0.2.${n % 256}`],
    ['the /64s of one /48', 'network', '2001:db8::/48', (n: number) => `2001:db8:0:${n.toString(16)}::1`],
    ['everywhere', 'process', 'any', (n: number) => `198.${n % 256}.${n >> 8}.1`],
  ] as const)('%s: rows up to the limit of its %s, the others as one event', (_, level, prefix, address) => {
    const { refusals, admitted, counted } = aBook();

    expect(admitted(times(5000, address))).toBe(refusalLimits[level]);

    expect(refusals.take(at(61))).toEqual([
      expect.objectContaining({
        type: 'refusals.summed-up',
        details: expect.objectContaining({
          ...{ level, prefix, count: 5000 - refusalLimits[level] },
          reasons: { 'tokens.refused invalid_client': 5000 - refusalLimits[level] },
          from: at(0).toISOString(),
          to: at(60).toISOString(),
        }),
      }),
    ]);
    expect(counted()).toBe(5000 - refusalLimits[level]);
  });

  it('rows and events of a minute are bounded, whatever the mix of senders', () => {
    const { refusals, admitted } = aBook();
    const mix = times(200_000, (n) => `${10 + (n % 7)}.${n % 5}.${n % 3}.${n % 251}`);

    const rows = admitted(mix);
    const events = refusals.take(at(61));

    expect(rows).toBeLessThanOrEqual(refusalLimits.process);
    expect(events.length).toBeLessThanOrEqual(30);
    expect(rows + events.reduce((sum, { details }) => sum + Number(details?.count), 0)).toBe(mix.length);
  });

  it('the next minute begins anew, and each event is given once', () => {
    const { refusals, admitted } = aBook();
    const flood = times(50, () => '192.0.2.1');

    expect([admitted(flood, 0), admitted(flood, 60)]).toEqual([refusalLimits.address, refusalLimits.address]);
    expect(refusals.take(at(60))).toHaveLength(1);
    expect(refusals.take(at(60))).toEqual([]);
    expect(refusals.take(at(60), true)).toHaveLength(1);
  });

  it('what could not be written is given again', () => {
    const { refusals, admitted } = aBook();
    admitted(times(50, () => '192.0.2.1'));

    const events = refusals.take(at(61));
    refusals.putBack(events);

    expect(refusals.take(at(62))).toEqual(events);
  });

  it('known actors, and what changed something, always have their row', () => {
    const { refusals, counted } = aBook();
    const known = (['user', 'client', 'system', 'operator'] as const).map((type) => ({ ...from('192.0.2.1'), type }));

    for (const actor of [...known, from('192.0.2.1')])
      for (let n = 0; n < 1000; n += 1) {
        const event = actor.type === 'anonymous' ? { type: 'set-password-links.redeemed' } : refusal;
        expect(refusals.admits(event, actor, at(0))).toBe(true);
      }

    expect(counted()).toBe(0);
  });
});
