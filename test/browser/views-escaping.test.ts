import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { renderPage } from '../../views/render.ts';
import { launchBrowser } from '../support/browser.ts';
import { allPages } from '../unit/views/pages.tsx';
import { polyglots } from '../unit/views/polyglots.ts';

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  page = await browser.newPage();
}, 120_000);

afterAll(() => browser?.close());

/** What Chromium's own parser makes of each document: its elements and attributes, and its URLs. */
async function parse(documents: readonly string[]): Promise<readonly { parts: string[]; urls: string[] }[]> {
  return page.evaluate(
    (sources) =>
      sources.map((source) => {
        const elements = [...new DOMParser().parseFromString(source, 'text/html').querySelectorAll('*')];
        const attributes = elements.flatMap((element) => [...element.attributes]);
        return {
          parts: elements.flatMap((element) => [
            element.localName,
            ...[...element.attributes].map(({ name }) => `${element.localName}[${name}]`),
          ]),
          urls: attributes
            .filter(({ name }) => /^(?:href|src|action|formaction)$/.test(name))
            .map(({ value }) => value),
        };
      }),
    documents,
  );
}

it.each([...allPages().keys()])('SECURITY-LESSONS 30: %s holds against polyglots in a real parser', async (name) => {
  const render = (text: (sample: string) => string) => {
    const vnode = allPages(text).get(name);
    if (!vnode) throw new Error(`no page ${name}`);
    return renderPage(vnode);
  };
  const hostile = polyglots.map((polyglot) => render(() => polyglot));

  const [plain, ...parsed] = await parse([render((sample) => sample), ...hostile]);

  const allowed = new Set(plain?.parts);
  expect(allowed.size).toBeGreaterThan(10);
  expect(parsed.flatMap(({ parts }) => parts.filter((part) => !allowed.has(part)))).toEqual([]);
  expect(parsed.flatMap(({ urls }) => urls.filter((url) => !/^(?:https?:\/\/|\/(?![/\\])|#)/.test(url)))).toEqual([]);
});

it('SECURITY-LESSONS 30: no polyglot runs when the pages are opened without any content security policy', async () => {
  const open = await browser.newPage();

  for (const polyglot of polyglots) {
    for (const vnode of allPages(() => polyglot).values()) {
      await open.setContent(renderPage(vnode), { waitUntil: 'commit' });
    }
    expect(await open.evaluate('window.pwned')).toBeUndefined();
  }
  // The same way of opening does run what is not escaped.
  await open.setContent(`<!doctype html>${polyglots[0]}`);
  expect(await open.evaluate('window.pwned')).toBe(1);
  await open.close();
}, 120_000);
