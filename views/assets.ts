import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export type Asset = { readonly body: Buffer; readonly type: string; readonly etag: string };

const types = {
  'doorward.css': 'text/css; charset=utf-8',
  'favicon.svg': 'image/svg+xml',
  'passkey.js': 'text/javascript; charset=utf-8',
  'submit.js': 'text/javascript; charset=utf-8',
  'work.js': 'text/javascript; charset=utf-8',
} as const;

export type AssetName = keyof typeof types;

function readAsset(name: AssetName): Asset {
  const body = readFileSync(new URL(`./assets/${name}`, import.meta.url));
  return { body, type: types[name], etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}

const byName = {
  'doorward.css': readAsset('doorward.css'),
  'favicon.svg': readAsset('favicon.svg'),
  'passkey.js': readAsset('passkey.js'),
  'submit.js': readAsset('submit.js'),
  'work.js': readAsset('work.js'),
} satisfies Record<AssetName, Asset>;

/** Every file the pages load, by request path; read and hashed once when the module is loaded. */
export const assets: ReadonlyMap<string, Asset> = new Map(
  Object.entries(byName).map(([name, asset]) => [`/assets/${name}`, asset]),
);

/** The path with its content hash as `v`: an answer to a request with the current `v` may be cached for ever. */
export function assetUrl(name: AssetName): string {
  return `/assets/${name}?v=${byName[name].etag.slice(1, 13)}`;
}
