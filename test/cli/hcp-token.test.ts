// Whose token goes to which host. The address of a run may have come by mail, with a host of the sender's.
import { expect, it } from '@jest/globals';
import { findHcpToken } from '../../src/cli/check/hcp-token.ts';

const ENV = { TF_TOKEN_tfe__acme_com: 'of tfe-acme.com', TF_TOKEN_tf_acme_org: 'of tf.acme.org', TFE_TOKEN: 'of HCP' };

it.each([
  ['tfe-acme.com', 'of tfe-acme.com'],
  ['tf.acme.org', 'of tf.acme.org'],
  ['app.terraform.io', 'of HCP'],
  ['app.terraform.io:8443', null],
  ['app.terraform.io.', null],
  // These are written like the ones above in the name of a variable.
  ['tfe_.acme.com', null],
  ['tfe..acme.com', null],
  ['tf_acme.org', null],
])('%s', async (host, token) => {
  const found = await findHcpToken(host, ENV, '/nowhere');
  expect(found.ok ? found.value : null).toBe(token);
});
