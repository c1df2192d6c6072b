import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { WebVisitor } from '../../support/web-visitor.ts';
import { aClient, aPerson, authorizeUrl, password, type TestClient } from './a-sign-in.ts';

let server: RunningServer;
let app: TestClient;
let consented: TestClient;

beforeAll(async () => {
  server = await startServer();
  app = await aClient(server, { firstParty: true, name: 'Orders' });
  consented = await aClient(server, { firstParty: false, name: 'Notes' });
});
afterAll(async () => {
  await server.stop();
});

const headings = {
  en: 'Sign in',
  de: 'Anmelden',
  fr: 'Connexion',
  es: 'Iniciar sesión',
  ja: 'ログイン',
  ar: 'تسجيل الدخول',
} as const;

const languageOf = (html: string) => /<html lang="([^"]*)" dir="([^"]*)"/.exec(html)?.slice(1);

describe('issue 5 §11: the language of pages', () => {
  it.each(Object.entries(headings))('OpenID Connect Core §3.1.2.1: ui_locales=%s', async (language, heading) => {
    const page = await new WebVisitor(server).get(authorizeUrl(server, app, { ui_locales: `pt-BR ${language}` }));

    expect(languageOf(page.html)).toEqual([language, language === 'ar' ? 'rtl' : 'ltr']);
    expect(page.html).toContain(`<h1>${heading}</h1>`);
  });

  it.each([
    ['de-CH, de;q=0.9', 'de'],
    ['pt, fr;q=0.5, es;q=0.8', 'es'],
    ['*', 'en'],
    ['tlh', 'en'],
    ['', 'en'],
    ['x'.repeat(4000), 'en'],
  ])('RFC 9110 §12.5.4: Accept-Language %s is answered in %s', async (accepted, language) => {
    const page = await new WebVisitor(server).get(authorizeUrl(server, app), { 'Accept-Language': accepted });

    expect(languageOf(page.html)?.[0]).toBe(language);
  });

  it.each(['/integrate', '/problems/forbidden', '/api-reference'])(
    '%s is in every language, and says of its English parts that they are',
    async (path) => {
      const pages = await Promise.all(
        Object.keys(headings).map((language) => new WebVisitor(server).get(`${path}?lang=${language}`)),
      );

      expect(pages.map(({ html }) => languageOf(html)?.[0])).toEqual(Object.keys(headings));
      expect(new Set(pages.map(({ html }) => /<h1[^>]*>([^<]*)/.exec(html)?.[1])).size).toBe(pages.length);
      if (path === '/api-reference')
        expect(pages.map(({ html }) => html.includes('<p lang="en" dir="ltr">List people'))).toEqual(
          pages.map(() => true),
        );
    },
  );

  it('what the person chooses on a page counts before ui_locales and the browser, and is kept', async () => {
    const visitor = new WebVisitor(server);
    const page = await visitor.get(authorizeUrl(server, app, { ui_locales: 'de' }), { 'Accept-Language': 'fr' });
    const link = /<a href="([^"]*)" lang="ja"/.exec(page.html)?.[1] ?? '';

    const chosen = await visitor.get(new URL(link, page.url).href);
    const next = await visitor.get(authorizeUrl(server, app, { ui_locales: 'de' }));

    expect(languageOf(page.html)?.[0]).toBe('de');
    expect(new URL(chosen.url).pathname).toBe(new URL(page.url).pathname);
    expect(languageOf(chosen.html)?.[0]).toBe('ja');
    expect(languageOf(next.html)?.[0]).toBe('ja');
    expect(visitor.setCookies.filter((cookie) => cookie.startsWith('doorward_language='))).toEqual([
      expect.stringMatching(/^doorward_language=ja; path=\/; expires=.*; samesite=lax; httponly$/i),
    ]);
  });

  it('only a language that there is can be chosen, and nothing of an address is repeated but a one-time link’s token', async () => {
    const visitor = new WebVisitor(server);

    const unknown = await visitor.get(`${server.issuer}/recover?lang=%22%3E%3Cscript%3E`);
    const elsewhere = await visitor.get(`${server.issuer}//evil.example/?a=%22%3E%3Cb%3E&lang=de`);
    const byLink = await visitor.get(`${server.issuer}/account/set-password?token=a-token&lang=fr`);

    expect(visitor.cookie('doorward_language')).toBe('fr');
    expect(visitor.setCookies).toHaveLength(2);
    expect(unknown.html).not.toContain('<script');
    expect(elsewhere.html).not.toContain('evil.example');
    expect(elsewhere.html).not.toContain('?a=');
    expect(byLink.html).toContain('href="?token=a-token&amp;lang=ja"');
  });

  it('pages that know the person speak their language: preferredLanguage, then locale', async () => {
    const japanese = await aPerson(server, { locale: 'ja-JP' });
    const spanish = await aPerson(server, { locale: 'ja-JP', preferredLanguage: 'es-MX;q=0.9, en;q=0.1' });

    const consentIn = async (userName: string) => {
      const visitor = new WebVisitor(server);
      return visitor.signIn(await visitor.get(authorizeUrl(server, consented)), userName, password);
    };

    expect(languageOf((await consentIn(japanese.userName)).html)?.[0]).toBe('ja');
    expect(languageOf((await consentIn(spanish.userName)).html)?.[0]).toBe('es');
  });

  it('the provider’s own pages and errors are translated, without and with a request of an application', async () => {
    const visitor = new WebVisitor(server);

    const error = await visitor.get(`${server.issuer}/authorize?client_id=nobody&ui_locales=fr`);
    const missing = await visitor.get(`${server.issuer}/nothing-here`, {
      'Accept-Language': 'ar',
      Accept: 'text/html',
    });
    const logout = await visitor.get(`${server.issuer}/logout?ui_locales=es`);

    expect(languageOf(error.html)).toEqual(['fr', 'ltr']);
    expect(error.html).toContain('Cette application n’est pas connue ici');
    expect(languageOf(missing.html)).toEqual(['ar', 'rtl']);
    expect(languageOf(logout.html)?.[0]).toBe('es');
  });
});

describe("issue 5 §11: the operator's own words", () => {
  it('are on the page, and what looks like markup is shown as it is written', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'doorward-words-'));
    const file = join(folder, 'words.yaml');
    await writeFile(file, 'fr:\n  login:\n    title: Bienvenue <b>chez nous</b>\n');
    const own = await startServer({ env: { DOORWARD_MESSAGES: file } });
    const client = await aClient(own, { firstParty: true, name: 'Orders' });

    const page = await new WebVisitor(own).get(authorizeUrl(own, client, { ui_locales: 'fr' }));
    const other = await new WebVisitor(own).get(authorizeUrl(own, client, { ui_locales: 'de' }));
    await own.stop();
    await rm(folder, { recursive: true });

    expect(page.html).toContain('<h1>Bienvenue &lt;b>chez nous&lt;/b></h1>');
    expect(other.html).toContain('<h1>Anmelden</h1>');
  });
});
