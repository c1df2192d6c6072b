import { createElement, type VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { type Look, LookContext, plainLook } from './look.ts';

/** A whole HTML document. The component must be a page: one that begins with `<html>`. */
export function renderPage(page: VNode, look: Look = plainLook): string {
  return `<!doctype html>${renderToString(createElement(LookContext.Provider, { value: look, children: page }))}`;
}
