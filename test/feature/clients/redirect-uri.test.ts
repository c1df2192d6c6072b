import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { originFault, redirectUriFault } from '../../../src/domain/clients/redirect-uri.ts';

describe('redirect URIs at registration (SECURITY-LESSONS 1)', () => {
  it.each([
    ['web', 'https://app.example.com/callback'],
    ['web', 'https://app.example.com:8443/callback?tenant=1'],
    ['web', 'https://[2001:db8::1]/cb'],
    ['web', 'https://xn--bcher-kva.example/cb'],
    ['web', 'http://localhost:4000/callback'],
    ['web', 'http://127.0.0.1/callback'],
    ['web', 'http://[::1]:3000/callback'],
    ['native', 'http://127.0.0.1/callback'],
    ['native', 'com.example.app:/oauth2redirect'],
    ['native', 'com.example.app://callback'],
    ['native', 'https://app.example.com/claimed'],
  ] as const)('%s: %s is taken', (type, uri) => {
    expect(redirectUriFault(uri, type)).toBeUndefined();
  });

  it.each([
    ['web', 'http://app.example.com/callback'],
    ['web', 'http://localhost.evil.example/callback'],
    ['web', 'http://127.0.0.1.evil.example/'],
    ['web', 'https://app.example.com/callback#fragment'],
    ['web', 'https://app.example.com/callback#'],
    ['web', 'https://*.example.com/callback'],
    ['web', 'https://app.example.com/*'],
    ['web', 'https://user@app.example.com/'],
    ['web', 'https://user:pw@app.example.com/'],
    ['web', 'https://app.example.com\\@evil.example/'],
    ['web', 'https:/app.example.com/'],
    ['web', 'https:app.example.com'],
    ['web', 'https:///app.example.com/'],
    ['web', '//app.example.com/callback'],
    ['web', '/callback'],
    ['web', ''],
    ['web', ' https://app.example.com/'],
    ['web', 'https://app.example.com/a b'],
    ['web', 'https://app.example.com/\u0000'],
    ['web', 'https://аpp.example.com/'],
    ['web', 'https://'],
    ['web', 'https://app.example.com:99999/'],
    ['web', 'com.example.app:/callback'],
    ['web', 'javascript:alert(1)'],
    ['native', 'javascript:alert(1)'],
    ['native', 'JaVaScRiPt:alert(1)'],
    ['native', 'data:text/html,x'],
    ['native', 'vbscript:x'],
    ['native', 'file:///etc/passwd'],
    ['native', 'blob:https://app.example.com/x'],
    ['native', 'about:blank'],
    ['native', 'myapp://callback'],
    ['native', 'http://app.example.com/callback'],
    ['native', 'https://localhost/callback'],
    ['native', 'urn:ietf:wg:oauth:2.0:oob'],
  ] as const)('%s: %j is refused', (type, uri) => {
    expect(redirectUriFault(uri, type)).toEqual(expect.any(String));
  });

  it('whatever is taken is an absolute address without fragment and user information, on https or loopback or a domain’s own scheme', () => {
    const piece = fc.constantFrom(
      'https:',
      'http:',
      'HTTPS:',
      'javascript:',
      'com.example:',
      '/',
      '//',
      '\\',
      '@',
      '#',
      '?',
      '*',
      '%2e',
      '..;',
      '..',
      ':',
      'localhost',
      '127.0.0.1',
      '[::1]',
      'example.com',
      'evil.example',
      '.',
      '&',
      '=',
      '\t',
      '\n',
      ' ',
      '\u0000',
      'é',
      'a',
      '1',
    );
    const uris = fc.array(piece, { maxLength: 9 }).map((pieces) => pieces.join(''));

    fc.assert(
      fc.property(uris, fc.constantFrom('web' as const, 'native' as const), (uri, type) => {
        if (redirectUriFault(uri, type) !== undefined) return;
        const url = new URL(uri);
        expect(uri).not.toMatch(/[#*\\\s]/);
        expect([url.username, url.password]).toEqual(['', '']);
        const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
        const isOwnScheme = type === 'native' && url.protocol.includes('.');
        expect(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback) || isOwnScheme).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('CORS origins (SECURITY-LESSONS 31)', () => {
  it.each(['https://app.example.com', 'https://app.example.com:8443', 'http://localhost:5173'])(
    '%s is taken',
    (origin) => {
      expect(originFault(origin)).toBeUndefined();
    },
  );

  it.each([
    'null',
    '*',
    'https://*',
    'https://app.example.com/',
    'https://APP.example.com',
    'http://app.example.com',
    'app.example.com',
    'https://app.example.com:443',
    'https://user@app.example.com',
    'file://',
    'com.example.app://x',
    '',
  ])('%j is refused', (origin) => {
    expect(originFault(origin)).toEqual(expect.any(String));
  });
});
