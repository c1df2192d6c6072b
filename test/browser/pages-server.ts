import { createServer } from 'node:http';
import { assets } from '../../views/assets.ts';
import type { Look } from '../../views/look.ts';
import { createCatalogue } from '../../views/messages/catalogue.ts';
import { isLanguage } from '../../views/messages/languages.ts';
import { renderPage } from '../../views/render.ts';
import { allPages } from '../unit/views/pages.tsx';

/** As strict as DESIGN §8 asks: no inline script or style, nothing from elsewhere; no `form-action` (DESIGN §9). */
const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self'",
  "script-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export type PagesServer = { readonly origin: string; readonly names: readonly string[]; close(): Promise<void> };

/** `?lang=ar` shows the page in another language. */
function lookIn(query: URLSearchParams): Look {
  const language = query.get('lang') ?? 'en';
  return { catalogue: createCatalogue(isLanguage(language) ? language : 'en') };
}

/** Serves every page under its name, with the assets beside them. */
export async function servePages(): Promise<PagesServer> {
  const pages = allPages();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const asset = assets.get(pathname);
    const page = pages.get(pathname.slice(1));
    if (asset) response.setHeader('Content-Type', asset.type).end(asset.body);
    else if (page) {
      response.setHeader('Content-Security-Policy', contentSecurityPolicy);
      response.setHeader('Content-Type', 'text/html; charset=utf-8').end(renderPage(page, lookIn(searchParams)));
    } else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    names: [...pages.keys()],
    close: () => new Promise((closed) => void server.close(() => closed())),
  };
}
