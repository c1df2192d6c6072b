// Ends with 0 when the server of this container is ready to answer; for HEALTHCHECK, where there is no curl.
import { get as getPlain } from 'node:http';
import { get as getTls } from 'node:https';

const { DOORWARD_PORT: port = '3000', DOORWARD_TLS_CERT: certificate } = process.env;
const [scheme, get] = certificate ? ['https', getTls] : ['http', getPlain];

// The certificate names the issuer, not the loopback address that is asked here.
const request = get(`${scheme}://127.0.0.1:${port}/health/ready`, { rejectUnauthorized: false, timeout: 4_000 });
request.on('timeout', () => request.destroy(new Error('no answer within 4 s')));
request.on('error', (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
request.on('response', async (answer) => {
  let text = '';
  for await (const chunk of answer) text += chunk;
  console.log(text);
  process.exitCode = answer.statusCode === 200 ? 0 : 1;
});
