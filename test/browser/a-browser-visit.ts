import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityViolations } from './accessibility.ts';

/** The application's end of a sign-in: answers its callback and keeps what came back. */
export type Application = {
  readonly callbackUrl: string;
  readonly answers: Readonly<Record<string, string>>[];
  stop(): Promise<void>;
};

export async function anApplication(): Promise<Application> {
  const answers: Record<string, string>[] = [];
  const server: Server = createServer(async (req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '/', 'http://localhost');
    if (pathname === '/callback') {
      answers.push(Object.fromEntries(req.method === 'POST' ? new URLSearchParams(await bodyOf(req)) : searchParams));
    }
    res.setHeader('Content-Type', 'text/html');
    res.end('<!doctype html><html lang="en"><title>The application</title><h1>The application</h1>');
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    // Another site than the issuer's localhost: cookies and redirects cross sites as in life.
    callbackUrl: `http://127.0.0.1:${port}/callback`,
    answers,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** WCAG 2.2 A and AA by axe-core, run outside the page's CSP. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await accessibilityViolations(page)).toEqual([]);
}

/** Nothing sticks out sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(excess).toBeLessThanOrEqual(0);
}
