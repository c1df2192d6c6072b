// Arbitrary values that have broken parsers elsewhere (SECURITY-LESSONS 37).
import fc from 'fast-check';

export const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '\u0000',
    '\ud800',
    '\u202e',
    "' OR 1=1 --",
    '%00',
    '%',
    '../../etc/passwd',
    '..;/',
    '{}',
    '-1',
    '9'.repeat(400),
    'é'.repeat(3000),
    '__proto__',
    'constructor',
    '\r\nX-Injected: yes',
    '00000000-0000-7000-8000-000000000000',
  ),
);

/** Percent-encoded where that is possible, raw junk where it is not. */
export const encode = (text: string): string => {
  try {
    return encodeURIComponent(text);
  } catch {
    return '%ED%A0%80';
  }
};

export const jsonBody = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.dictionary(hostileText, fc.jsonValue(), { maxKeys: 5 }).map((value) => JSON.stringify(value)),
  fc
    .record({
      userName: fc.oneof(hostileText, fc.jsonValue()),
      displayName: fc.oneof(hostileText, fc.jsonValue()),
      name: fc.oneof(hostileText, fc.jsonValue()),
      emails: fc.jsonValue(),
      permissions: fc.jsonValue(),
      redirect_uris: fc.oneof(fc.array(hostileText), fc.jsonValue()),
      client_id: hostileText,
      identifier: hostileText,
      startsAt: hostileText,
      version: fc.jsonValue(),
    })
    .map((value) => JSON.stringify(value)),
  hostileText,
  fc.constant('['.repeat(5000)),
  fc.constant('{"a":1,"a":2}'),
  fc.constant('1e999'),
);

export const contentType = fc.constantFrom(
  'application/json',
  'application/json',
  'application/json',
  'application/merge-patch+json',
  'application/x-www-form-urlencoded',
  'text/plain',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  '',
);
