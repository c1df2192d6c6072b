import { secret } from './fixture.mjs';
import { Connection, post } from './http-client.mjs';

export const basic = (clientId) => ({
  authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
});

export async function token(server, clientId, form) {
  const connection = new Connection(server.address);
  const answer = await connection.send(
    post('/token', { grant_type: 'client_credentials', ...form }, { host: server.host, headers: basic(clientId) }),
  );
  connection.close();
  return JSON.parse(answer.body).access_token;
}
