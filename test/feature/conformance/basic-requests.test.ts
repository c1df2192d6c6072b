import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UnsecuredJWT } from 'jose';
import { aRequest, Browser, codeOf, errorOf, type Mode, type Parameters, type Run, random, run } from './a-flow.ts';
import { aProviderUnderTest, callback, callbackWithQuery, clients, type ProviderUnderTest, suite } from './an-op.ts';

let op: ProviderUnderTest;

beforeAll(async () => {
  op = await aProviderUnderTest();
}, 60_000);

afterAll(async () => {
  await op?.server.stop();
});

const plans: readonly (readonly [string, Mode])[] = [
  ['oidcc-basic-certification-test-plan', 'default'],
  ['oidcc-formpost-basic-certification-test-plan', 'form_post'],
];

const tolerated: readonly (readonly [string, Parameters])[] = [
  ['oidcc-display-page', { display: 'page' }],
  ['oidcc-display-popup', { display: 'popup' }],
  ['oidcc-ensure-request-with-unknown-parameter-succeeds', { extra: 'foobar' }],
  ['oidcc-login-hint', { login_hint: 'buffy@localhost' }],
  ['oidcc-ui-locales', { ui_locales: 'se' }],
  ['oidcc-claims-locales', { claims_locales: 'se' }],
];

describe.each(plans)('%s', (_plan, mode) => {
  const request = (more: Parameters = {}) => aRequest(clients.first, mode, more);
  const start = (more: Parameters): Promise<Run> => run(op, new Browser(op), clients.first, request(more));

  it.each(tolerated)('%s', async (_module, parameters) => {
    const { arrival } = await start(parameters);

    expect(arrival.pages).toContain('login');
  });

  it('oidcc-ensure-request-with-acr-values-succeeds: acr is one of those that discovery offers', async () => {
    const offered = op.metadata.acr_values_supported;

    const { idToken } = await start({ acr_values: Array.isArray(offered) ? offered.join(' ') : '1 2' });

    expect(offered).toContain(idToken.acr);
  });

  it('acr_values that nobody knows are no error', async () => {
    await start({ acr_values: '1 2' });
  });

  it('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', async () => {
    const { nonce: _, ...rest } = request();
    const arrival = await new Browser(op).authorize(rest);

    codeOf(op, arrival, { ...rest, nonce: '' });
  });

  it('oidcc-ensure-post-request-succeeds', async () => {
    const { arrival } = await run(op, new Browser(op), clients.first, request(), { method: 'POST' });

    expect(arrival.pages[0]).toBe('login');
  });

  it('oidcc-response-type-missing: an error that the client may see, or a page', async () => {
    const sent = request({ response_type: undefined });

    const arrival = await new Browser(op).authorize(sent);

    if (arrival.sent) {
      const allowed = ['invalid_request', 'unsupported_response_type'];
      expect(allowed).toContain(errorOf(op, arrival, sent.state));
    } else expect(arrival.page.status).toBe(400);
  });

  it.each([
    ['oidcc-ensure-registered-redirect-uri', `${callback}/${random()}`],
    ['oidcc-redirect-uri-query-added', `${callback}?foo=bar`],
    ['oidcc-redirect-uri-query-mismatch', `${callback}?dummy1=lorem&dummy2=other`],
    ['oidcc-ensure-redirect-uri-in-authorization-request', undefined],
  ])('%s: a page of the server, and nothing goes to the client', async (_module, redirectUri) => {
    const arrival = await new Browser(op).authorize(request({ redirect_uri: redirectUri }));

    expect(arrival.sent).toBeUndefined();
    expect(arrival.pages).toEqual([]);
    expect(arrival.page.status).toBe(400);
    expect(arrival.page.headers.get('content-type')).toContain('text/html');
    expect(arrival.page.text).toContain('<h1');
    expect(arrival.page.text).not.toContain(suite);
  });

  it('oidcc-redirect-uri-query-OK: the query of the registered address is kept', async () => {
    const sent = request({ redirect_uri: callbackWithQuery });

    const { sent: parameters, page, redirectUri } = await new Browser(op).authorize(sent);

    const kept = new URL(mode === 'form_post' ? redirectUri : page.url).searchParams;
    expect([kept.get('dummy1'), kept.get('dummy2')]).toEqual(['lorem', 'ipsum']);
    expect(parameters?.get('code')).toEqual(expect.any(String));
  });

  it('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported', async () => {
    const sent = request({ request_uri: `${suite}/requests/${random()}` });

    const arrival = await new Browser(op).authorize(sent);

    expect(op.metadata.request_uri_parameter_supported).toBe(false);
    expect(errorOf(op, arrival, sent.state)).toBe('request_uri_not_supported');
  });

  it('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported', async () => {
    const sent = request();
    const { client_id: id = '', ...rest } = sent;
    const object = new UnsecuredJWT({ client_id: id, ...rest }).encode();
    const outside = { client_id: id, scope: 'openid', response_type: 'code', response_mode: sent.response_mode };

    const arrival = await new Browser(op).authorize({ ...outside, redirect_uri: callback, request: object });

    // The suite skips its modules about unsigned request objects where `none` is not offered.
    expect(op.metadata.request_object_signing_alg_values_supported).not.toContain('none');
    expect(op.metadata.request_parameter_supported).toBe(true);
    expect(arrival.sent?.get('error')).toBe('invalid_request_object');
  });

  it('oidcc-ensure-request-object-with-redirect-uri: an address outside that is not registered gets nothing', async () => {
    const { client_id: id = '', ...rest } = request();
    const object = new UnsecuredJWT({ client_id: id, ...rest }).encode();
    const outside = { client_id: id, scope: 'openid', response_type: 'code', redirect_uri: `${callback}/invalid` };

    const arrival = await new Browser(op).authorize({ ...outside, request: object });

    expect(arrival.sent).toBeUndefined();
    expect(arrival.page.status).toBe(400);
  });
});
