import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { assets, assetUrl } from '../../../views/assets.ts';

describe('assets', () => {
  it('each file has a type, and an etag and a cache key that follow its content', () => {
    for (const [path, { body, type, etag }] of assets) {
      const hash = createHash('sha256').update(body).digest('base64url');

      expect(path).toMatch(/^\/assets\/[a-z.]+$/);
      expect(type).toMatch(/^(?:text|image)\//);
      expect(hash.startsWith(etag.slice(1, -1))).toBe(true);
    }
    const style = assets.get('/assets/doorward.css');
    expect(assetUrl('doorward.css')).toBe(`/assets/doorward.css?v=${style?.etag.slice(1, 13)}`);
  });

  it('the style sheet loads nothing and moves nothing for those who asked for less motion', () => {
    const style = assets.get('/assets/doorward.css')?.body.toString() ?? '';

    expect(style).not.toMatch(/url\(|@import/);
    expect(style).toContain('prefers-reduced-motion');
    expect(style).toContain('prefers-color-scheme: dark');
  });
});
