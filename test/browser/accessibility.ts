import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

// A third of what the package's `source` is, and each page reads it anew.
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds against WCAG 2.2 AA and its own best practices, one line for each element. */
export async function accessibilityViolations(page: Page): Promise<readonly string[]> {
  // Without an answer: what it evaluates to is large.
  await page.evaluate(`${axe};0`);
  const found: readonly { id: string; nodes: readonly { html: string; failureSummary?: string }[] }[] =
    await page.evaluate(`axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
      .then(({ violations }) => violations)`);
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}
