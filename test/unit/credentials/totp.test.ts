import { describe, expect, it } from '@jest/globals';
import { base32, matchingStep, totpCode, totpStep, totpUri } from '../../../src/domain/credentials/totp.ts';

const seed = Buffer.from('12345678901234567890');

describe('RFC 6238 Appendix B, SHA-1, the last six digits', () => {
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('at %i seconds: %s', (seconds, code) => {
    expect(totpCode(seed, totpStep(new Date(seconds * 1000)))).toBe(code);
  });
});

describe('RFC 6238 §5.2: a code counts one step to either side and no further', () => {
  const now = new Date('2026-03-01T12:00:00Z');

  it.each([
    [-2, false],
    [-1, true],
    [0, true],
    [1, true],
    [2, false],
  ])('%i steps away: %s', (drift, isGood) => {
    const step = totpStep(now) + drift;

    expect(matchingStep(seed, totpCode(seed, step), now)).toBe(isGood ? step : undefined);
  });

  it.each(['', ' ', '12345', '1234567', 'abcdef', '１２３４５６'])('"%s" is no code', (typed) => {
    expect(matchingStep(seed, typed, now)).toBeUndefined();
  });

  it('spaces, as apps show them, do not count', () => {
    const code = totpCode(seed, totpStep(now));

    expect(matchingStep(seed, ` ${code.slice(0, 3)} ${code.slice(3)} `, now)).toBe(totpStep(now));
  });
});

it.each([
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('RFC 4648 §10: base32 of "%s" without padding', (text, encoded) => {
  expect(base32(Buffer.from(text))).toBe(encoded);
});

it('the address in the picture names issuer and person, each escaped', () => {
  const uri = new URL(totpUri(seed, { issuer: 'https://id.example.com:8443/x', userName: 'a&b=c:d@example.com' }));

  expect(uri.href.startsWith('otpauth://totp/id.example.com%3A8443:a%26b%3Dc%3Ad%40example.com?')).toBe(true);
  expect(Object.fromEntries(uri.searchParams)).toEqual({ secret: base32(seed), issuer: 'id.example.com:8443' });
});
