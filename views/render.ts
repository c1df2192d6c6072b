import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** A whole HTML document. The component must be a page: one that begins with `<html>`. */
export function renderPage(page: VNode): string {
  return `<!doctype html>${renderToString(page)}`;
}
