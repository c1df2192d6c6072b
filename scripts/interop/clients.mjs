// Which clients are tried, how each is built in its own folder of the cache, and how it is started as an application.
import { delimiter, join } from 'node:path';

const client = (id, more = {}) => ({
  client_id: id,
  client_name: `Interop: ${id}`,
  client_secret: `${id}-secret-of-nobody`,
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  ...more,
});

/**
 * `needs`: programs on the path. `build`: commands, run in the client's folder of the cache. `start`: the application, which
 * has ISSUER, CLIENT_ID, CLIENT_SECRET and PORT in its environment, begins a sign-in at `login`, and shows who it was where the
 * sign-in ends or at `shows` (`expects`; the person's address and group where nothing else is said).
 * `runs` instead: a program that does it all and ends with exit code 0.
 */
export const clients = [
  {
    name: 'Authlib (Python, Flask)',
    folder: 'authlib',
    needs: ['python3'],
    build: [
      ['python3', '-m', 'venv', 'venv'],
      ['venv/bin/pip', 'install', '--quiet', '--disable-pip-version-check', '-r', 'requirements.txt'],
    ],
    start: ['venv/bin/python', 'app.py'],
    registered: client('authlib'),
  },
  {
    name: 'go-oidc and x/oauth2 (Go)',
    folder: 'go-oidc',
    needs: ['go'],
    build: [
      ['go', 'mod', 'tidy'],
      ['go', 'build', '-o', 'app', '.'],
    ],
    start: ['./app'],
    registered: client('go-oidc'),
  },
  {
    name: 'openidconnect (Rust)',
    folder: 'openidconnect-rs',
    needs: ['cargo'],
    build: [['cargo', 'build', '--quiet']],
    start: ['target/debug/app'],
    registered: client('openidconnect-rs'),
  },
  {
    name: 'MCP TypeScript SDK',
    folder: 'mcp-sdk',
    needs: ['npm'],
    build: [['npm', 'install', '--silent', '--no-audit', '--no-fund']],
    start: ['node', 'app.mjs'],
    // It registers itself (RFC 7591).
    registered: undefined,
    expects: ['orders:read', '"renewed":"AUTHORIZED"'],
  },
  {
    name: 'Spring Security (Java, Spring Boot)',
    folder: 'spring-security',
    needs: ['mvn', 'java'],
    build: [['mvn', '--quiet', '--batch-mode', 'package']],
    start: ['java', '-jar', 'target/app.jar'],
    callback: '/login/oauth2/code/doorward',
    login: '/oauth2/authorization/doorward',
    // It sends no PKCE for a client with a secret unless it is told to in code.
    registered: client('spring-security', { require_pkce: false }),
  },
  {
    name: 'oauth2-proxy (Go)',
    folder: 'oauth2-proxy',
    needs: ['go'],
    build: [['go', 'install', 'github.com/oauth2-proxy/oauth2-proxy/v7@v7.12.0']],
    start: ['./oauth2-proxy'],
    // Its settings are variables too: OAUTH2_PROXY_ and the name of the option.
    env: ({ ISSUER, CLIENT_ID, CLIENT_SECRET, PORT }) => ({
      OAUTH2_PROXY_PROVIDER: 'oidc',
      OAUTH2_PROXY_OIDC_ISSUER_URL: ISSUER,
      OAUTH2_PROXY_CLIENT_ID: CLIENT_ID,
      OAUTH2_PROXY_CLIENT_SECRET: CLIENT_SECRET,
      OAUTH2_PROXY_HTTP_ADDRESS: `127.0.0.1:${PORT}`,
      OAUTH2_PROXY_REDIRECT_URL: `http://127.0.0.1:${PORT}/oauth2/callback`,
      OAUTH2_PROXY_SCOPE: 'openid email profile groups',
      OAUTH2_PROXY_CODE_CHALLENGE_METHOD: 'S256',
      OAUTH2_PROXY_COOKIE_SECRET: 'only-for-this-run-32-bytes-long!',
      OAUTH2_PROXY_COOKIE_SECURE: 'false',
      OAUTH2_PROXY_EMAIL_DOMAINS: '*',
      OAUTH2_PROXY_UPSTREAMS: 'static://200',
    }),
    callback: '/oauth2/callback',
    login: '/oauth2/start',
    shows: '/oauth2/userinfo',
    registered: client('oauth2-proxy'),
  },
  {
    name: 'mod_auth_openidc (Apache)',
    folder: 'mod_auth_openidc',
    needs: ['apt-get', 'dpkg-deb'],
    // Unpacked beside its configuration: nothing is installed.
    build: [
      [
        ...['apt-get', '--quiet', 'download', 'apache2-bin', 'libapache2-mod-auth-openidc'],
        ...['libapr1', 'libaprutil1', 'libcjose0', 'libhiredis0.14'],
      ],
      ['sh', '-c', 'for package in *.deb; do dpkg-deb -x "$package" .; done'],
    ],
    start: [
      'sh',
      '-c',
      'LD_LIBRARY_PATH=$(echo "$FOLDER"/usr/lib/*-linux-gnu) exec usr/sbin/apache2 -X -f "$FOLDER/httpd.conf"',
    ],
    shows: '/callback?info=json',
    registered: client('mod_auth_openidc'),
  },
  {
    name: 'HtmlUnit (the conformance suite’s browser)',
    folder: 'htmlunit',
    needs: ['mvn', 'javac', 'java'],
    build: [
      ['mvn', '--quiet', '--batch-mode', 'dependency:copy-dependencies', '-DoutputDirectory=lib'],
      ['javac', '-cp', join('lib', '*'), 'Pages.java'],
    ],
    // No application but a program that opens the pages itself, and ends.
    runs: ['java', '-cp', ['lib/*', '.'].join(delimiter), 'Pages'],
    registered: client('htmlunit', { require_pkce: false }),
  },
  {
    name: 'scim2-tester and scim2-client (Python)',
    folder: 'scim2-tester',
    needs: ['python3'],
    build: [
      ['python3', '-m', 'venv', 'venv'],
      ['venv/bin/pip', 'install', '--quiet', '--disable-pip-version-check', '-r', 'requirements.txt'],
    ],
    // A provisioning client: it signs nobody in.
    runs: ['venv/bin/python', 'check.py'],
    registered: client('scim2-tester', {
      grant_types: ['client_credentials'],
      response_types: [],
      permissions: [{ resource: 'urn:doorward:scim', values: ['scim:read', 'scim:write'] }],
    }),
  },
  {
    name: 'scim2-server (Python), as a provisioning target',
    folder: 'scim2-server',
    needs: ['python3'],
    build: [
      ['python3', '-m', 'venv', 'venv'],
      ['venv/bin/pip', 'install', '--quiet', '--disable-pip-version-check', '-r', 'requirements.txt'],
    ],
    runs: ['venv/bin/python', 'check.py'],
    registered: client('scim2-server', {
      grant_types: ['client_credentials'],
      response_types: [],
      permissions: [
        {
          resource: 'urn:doorward:admin',
          values: [
            'users:read',
            'users:write',
            'groups:read',
            'groups:write',
            'provisioning-targets:read',
            'provisioning-targets:write',
          ],
        },
      ],
    }),
  },
];
