import { describe, expect, it } from '@jest/globals';
import { transform } from 'esbuild';
import { parse } from 'yaml';
import { apiSnippets, serviceSnippets, spaSnippets, webAppSnippets } from '../../../views/integrate-snippets.ts';

const kinds = { webAppSnippets, spaSnippets, apiSnippets, serviceSnippets };
const apiIdentifier = 'https://api.example.com';

describe.each(['http://localhost:3000', 'https://id.example.com'])('integrate snippets for %s', (issuer) => {
  it.each(Object.entries(kinds))(
    '%s: what is to be registered is YAML of the file format (DESIGN §8)',
    (_, snippets) => {
      const file: unknown = parse(snippets({ issuer, apiIdentifier }).register);

      expect(['clients', 'resourceServers']).toEqual(expect.arrayContaining(Object.keys(Object(file))));
    },
  );

  it.each(Object.entries({ webAppSnippets, spaSnippets, apiSnippets }))(
    '%s: what is to be copied is JavaScript',
    async (_, snippets) => {
      const { copy } = snippets({ issuer, apiIdentifier });

      await expect(transform(copy, { loader: 'js', format: 'esm', target: 'es2022' })).resolves.toMatchObject({
        warnings: [],
      });
      expect(copy).toContain(issuer);
    },
  );

  it('only an http issuer gets the exception for insecure requests', () => {
    expect(webAppSnippets({ issuer, apiIdentifier }).copy.includes('allowInsecureRequests')).toBe(
      issuer.startsWith('http:'),
    );
  });
});
