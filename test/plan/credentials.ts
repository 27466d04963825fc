// Credentials of every kind, made up while the tests run: a file that held them would be refused by GitHub's push protection.

const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Characters that look random and are the same each time. */
export function scrambled(length: number, alphabet = ALNUM, seed = 7): string {
  let state = seed;
  let text = '';
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    text += alphabet[(state >>> 8) % alphabet.length] ?? '';
  }
  return text;
}

const HEX = '0123456789abcdef';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
export const base64 = (text: string): string => Buffer.from(text).toString('base64');

const lines = (text: string): string => text.replace(/.{64}/g, '$&\n');
export const pem = (label: string, length = 900): string =>
  `-----BEGIN ${label}-----\n${lines(scrambled(length))}\n-----END ${label}-----\n`;

export const webToken = [base64('{"alg":"HS256","typ":"JWT"}'), base64('{"sub":"17","name":"app"}'), scrambled(43)]
  .join('.')
  .replaceAll('=', '');
export const githubToken = `ghp_${scrambled(36)}`;

/** What each is, and one. The whole of it is the credential. */
export const CREDENTIALS: readonly (readonly [what: string, text: string])[] = [
  ['a GitHub token', githubToken],
  ['a GitHub token', `gho_${scrambled(36, ALNUM, 8)}`],
  ['a GitHub token', `ghs_${scrambled(36, ALNUM, 9)}`],
  ['a GitHub token', `github_pat_${scrambled(22)}_${scrambled(59)}`],
  ['a GitLab token', `glpat-${scrambled(20)}`],
  ['a GitLab token', `glpat-${scrambled(27)}.01.${scrambled(9)}`],
  ['a GitLab token', `glrt-${scrambled(20)}`],
  ['a GitLab token', `GR1348941${scrambled(20)}`],
  ['an Atlassian token', `ATATT3${scrambled(180)}`],
  ['a Bitbucket app password', `ATBB${scrambled(32)}`],
  ['an npm token', `npm_${scrambled(36)}`],
  ['an AWS session token', `IQoJb3JpZ2luX2VjE${scrambled(300)}`],
  ['an AWS session token', `FwoGZXIvYXdzE${scrambled(300)}`],
  ['an Amazon Bedrock key', `ABSK${scrambled(128)}`],
  ['an API key', `gsk_${scrambled(52)}`],
  ['an API key', `xai-${scrambled(80)}`],
  ['an API key', `pplx-${scrambled(48)}`],
  ['an API key', `r8_${scrambled(37)}`],
  ['a 1Password token', `ops_eyJ${scrambled(400)}`],
  ['a SonarQube token', `squ_${scrambled(40, HEX)}`],
  ['a JFrog token', `AKCp${scrambled(69)}`],
  ['a JFrog token', `cmVmdGtuOjAxOj${scrambled(50)}`],
  ['a CircleCI token', `CCIPAT_${scrambled(22)}_${scrambled(40, HEX)}`],
  ['a Buildkite token', `bkua_${scrambled(40, HEX)}`],
  ['a Heroku token', `HRKU-${scrambled(60)}`],
  ['a Notion token', `ntn_${scrambled(46)}`],
  ['a Figma token', `figd_${scrambled(40)}`],
  ['a Brevo key', `xkeysib-${scrambled(64, HEX)}-${scrambled(16)}`],
  ['a Slack token', ['xoxc', '263594206564', '2343594206574', scrambled(64, HEX)].join('-')],
  ['a Slack token', `xoxd-${scrambled(40)}%2B${scrambled(60)}%3D`],
  ['a private key', `MHcCAQEEI${scrambled(150)}==`],
  ['a private key', `MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0w${scrambled(140)}`],
  ['a private key', `MC4CAQAwBQYDK2VwBCIEI${scrambled(43)}`],
  ['a PyPI token', `pypi-AgEIcHlwaS5vcmc${scrambled(150)}`],
  ['a RubyGems key', `rubygems_${scrambled(48, HEX)}`],
  ['a Docker Hub token', `dckr_pat_${scrambled(27)}`],
  ['a Pulumi token', `pul-${scrambled(40, HEX)}`],
  ['an HCP Terraform token', `${scrambled(14)}.atlasv1.${scrambled(67)}`],
  ['a Vault token', `hvs.${scrambled(24)}`],
  ['a Vault token', `hvb.${scrambled(150)}`],
  ['a Google API key', `AIza${scrambled(35)}`],
  ['a Google OAuth client secret', `GOCSPX-${scrambled(28)}`],
  ['a Google access token', `ya29.${scrambled(120)}`],
  ['a Microsoft Entra client secret', `${scrambled(3)}8Q~${scrambled(34)}`],
  ['a DigitalOcean token', `dop_v1_${scrambled(64, HEX)}`],
  ['a Databricks token', `dapi${scrambled(32, HEX)}`],
  ['a PlanetScale credential', `pscale_tkn_${scrambled(43)}`],
  ['a Supabase key', `sbp_${scrambled(40, HEX)}`],
  ['a Tailscale key', `tskey-auth-${scrambled(12)}-${scrambled(30)}`],
  ['a Fly.io token', `fm2_${scrambled(400)}`],
  ['a Slack token', ['xoxb', '263594206564', '2343594206574', scrambled(24)].join('-')],
  ['a Slack token', ['xoxe.xoxp', '1', scrambled(160)].join('-')],
  ['a Slack token', ['xapp', '1', scrambled(11, UPPER), '2343594206574', scrambled(64, HEX)].join('-')],
  ['a Telegram bot token', `5123456789:AA${scrambled(33)}`],
  ['a SendGrid key', `SG.${scrambled(22)}.${scrambled(43)}`],
  ['a Stripe key', `sk_live_${scrambled(24)}`],
  ['a Stripe key', `rk_live_${scrambled(99)}`],
  ['a signing secret of webhooks', `whsec_${scrambled(32)}`],
  ['a Shopify token', `shpat_${scrambled(32, HEX)}`],
  ['an Anthropic key', `sk-ant-api03-${scrambled(93)}AA`],
  ['an OpenAI key', `sk-proj-${scrambled(48)}`],
  ['an API key', `sk-${scrambled(48)}`],
  ['a Hugging Face token', `hf_${scrambled(34)}`],
  ['a Grafana token', `glsa_${scrambled(32)}_${scrambled(8, HEX)}`],
  ['a New Relic key', `NRAK-${scrambled(27, UPPER)}`],
  ['a Sentry token', `sntrys_${scrambled(120)}`],
  ['a Dynatrace token', `dt0c01.${scrambled(24, UPPER)}.${scrambled(64, UPPER)}`],
  ['a Doppler token', `dp.st.prd.${scrambled(43)}`],
  ['a Postman key', `PMAK-${scrambled(24, HEX)}-${scrambled(34, HEX)}`],
  ['a Linear key', `lin_api_${scrambled(40)}`],
  ['a JSON web token', webToken],
  ['an age key', `AGE-SECRET-KEY-1${scrambled(58, UPPER)}`],
  ['a private key', pem('PRIVATE KEY')],
  ['a private key', pem('RSA PRIVATE KEY')],
  ['a private key', pem('OPENSSH PRIVATE KEY')],
  ['a private key', pem('ENCRYPTED PRIVATE KEY')],
  ['a private key', pem('PGP PRIVATE KEY BLOCK')],
  ['a private key', pem('EC PRIVATE KEY').trim().replaceAll('\n', '\\n')],
  ['a private key', base64(pem('RSA PRIVATE KEY'))],
  ['a private key', base64(pem('EC PRIVATE KEY'))],
  ['a private key', `MIIEvQIBADANBgkqhkiG9w0BAQEFAASC${scrambled(1500)}`],
  ['a private key', `MIIEowIBAAKCAQEA${scrambled(1500)}`],
  [
    'a private key',
    `PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\n${scrambled(48)}\nPrivate-MAC: ${scrambled(64, HEX)}`,
  ],
];

const secret = scrambled(40);
const azureKey = `${scrambled(86)}==`;
const azureSas = encodeURIComponent(`${scrambled(43)}=`);

/** A text around a secret: only `secret` is withheld. */
export const CONTAINING: readonly (readonly [what: string, before: string, secret: string, after: string])[] = [
  ['a password in a URL', 'https://x-access-token:', githubToken, '@github.com/acme/net.git'],
  ['a password in a URL', 'postgres://app:', 'hunter2!', '@db.example.com:5432/app?sslmode=require'],
  ['a password in a URL', 'mongodb+srv://app:', 'p@ss,w0rd', '@cluster0.mongodb.net'],
  ['a password in a URL', 'redis://:', 'r3dis-pass', '@cache:6379/0'],
  ['a password in a connection string', 'Server=tcp:db.example.com;Database=app;User ID=app;Password=', 'p w,1+x', ';Encrypt=True'],
  ['a password in a connection string', 'host=db user=app password=', 's3cr3t-x', ' dbname=app'],
  ['a password in a connection string', 'cache.example.com:6380,user=app,password=', azureKey, ',ssl=True'],
  ['an Azure access key', 'DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=', azureKey, ';EndpointSuffix=core.windows.net'],
  ['an Azure access key', 'Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=app;SharedAccessKey=', `${scrambled(43)}=`, ''],
  ['a shared access signature', 'https://acme.blob.core.windows.net/c?sv=2022-11-02&se=2027-01-01&sp=r&sig=', azureSas, '&spr=https'],
  ['the signature of a signed URL', 'https://b.s3.amazonaws.com/k?X-Amz-Expires=600&X-Amz-Signature=', scrambled(64, HEX), ''],
  ['an AWS secret access key', '[default]\naws_access_key_id = AKIAQ3EGRWDSZ7PLXN2K\naws_secret_access_key = ', secret, '\n'],
  ['an AWS secret access key', '{"name":"AWS_SECRET_ACCESS_KEY","value":"', secret, '"}'],
  ['an AWS secret access key', '{\\"AWS_SECRET_ACCESS_KEY\\":\\"', secret, '\\"}'],
  ['a user and a password', '{"auths":{"registry.example.com":{"auth":"', base64('robot$ci:hunter2!'), '"}}}'],
  ['a user and a password', '{\\"auths\\":{\\"r\\":{\\"auth\\": \\"', base64('robot$ci:hunter2!'), '\\"}}}'],
  ['a token of a package registry', '//npm.example.com/:_authToken=', scrambled(36), '\n'],
  ['a private key', `{"kty":"RSA","n":"${scrambled(342, undefined, 8)}","e":"AQAB","d":"`, scrambled(342), '","p":"x"}'],
  ['a private key', '{\\"kty\\":\\"EC\\",\\"crv\\":\\"P-256\\",\\"d\\":\\"', scrambled(43), '\\"}'],
  ['a bearer token', 'curl -H "Authorization: Bearer ', secret, '" https://api.example.com'],
  ['a user and a password', 'Authorization: Basic ', base64('app:hunter2!'), '\n'],
  [
    'the address of a Slack webhook',
    'https://hooks.slack.com/services/',
    `T${scrambled(10, UPPER)}/B${scrambled(10, UPPER)}/${scrambled(24)}`,
    '',
  ],
  ['the address of a Discord webhook', 'https://discord.com/api/webhooks/102345678901234567/', scrambled(68), ''],
  [
    'the address of a Teams webhook',
    'https://acme.webhook.office.com/webhookb2/',
    `${scrambled(36, HEX)}@${scrambled(36, HEX)}/IncomingWebhook/${scrambled(32, HEX)}`,
    '',
  ],
  ['a credential in a URL', 'https://api.example.com/v1/x?access_token=', scrambled(24), '&page=2'],
  ['a JSON web token', '{"token":"', webToken, '"}'],
  ['a GitHub token', '#!/bin/sh\nexport GITHUB_TOKEN=', githubToken, '\nrun\n'],
  ['a GitHub token', '{\\"text\\":\\"one\\n', githubToken, '\\"}'],
  ['a GitHub token', 'https://x.example.com/?q=token%3D', githubToken, '%26x'],
  ['a private key', 'cat > key <<EOF\n', pem('RSA PRIVATE KEY').trimEnd(), '\nEOF\n'],
  ['a private key', '{"private_key":"', pem('PRIVATE KEY').replaceAll('\n', '\\n').slice(0, -2), '\\n","client_email":"a@b"}'],
  ['a private key', 'cut short: ', pem('RSA PRIVATE KEY').slice(0, 400), ''],
  ['a private key', 'client-key-data: ', base64(pem('RSA PRIVATE KEY')), '\n'],
];
