// Serves three static files; everything else happens in the browser (app.js).
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const port = Number(process.env.PORT ?? 4001);
const settings = {
  issuer: process.env.ISSUER ?? 'http://localhost:3000',
  clientId: process.env.CLIENT_ID ?? 'example-spa',
  resource: process.env.RESOURCE ?? 'https://orders.example/api',
  api: process.env.API ?? 'http://localhost:4002',
};

const files = {
  '/': ['text/html; charset=utf-8', new URL('index.html', import.meta.url)],
  '/app.js': ['text/javascript', new URL('app.js', import.meta.url)],
  '/oidc-client-ts.js': [
    'text/javascript',
    new URL('../../node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js', import.meta.url),
  ],
};

createServer(async (req, res) => {
  const { pathname } = new URL(req.url ?? '/', 'http://localhost');
  if (pathname === '/settings.json')
    return res.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(settings));
  const file = files[pathname];
  if (file === undefined) return res.writeHead(404).end();
  res
    .writeHead(200, { 'Content-Type': file[0], 'Cache-Control': 'no-store' })
    .end(await readFile(fileURLToPath(file[1])));
}).listen(port, 'localhost', () =>
  console.log(
    `Example single-page app: http://localhost:${port}  (sign in as alice@example.com / seven otters keep the ledger)`,
  ),
);
