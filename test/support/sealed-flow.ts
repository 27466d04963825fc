// A flow in the sealed transport: keys on both sides, the relay told to seal, the workflow's secrets and variables in place.
import { createRelayKey, createSealKey, type KeyPair } from '../../src/sealed/keys.ts';
import { startFlow, type Flow, type FlowOptions } from './flow.ts';

/** `with:` of the action, as YAML lines. */
export const SEALED_INPUTS =
  '          seal-key: ${{ secrets.SEAL_KEY }}\n          relay-key: ${{ vars.RELAY_KEY }}\n          hcp-hosts: ${{ vars.HCP_HOST }}\n';

export interface SealedFlow {
  readonly flow: Flow;
  readonly relay: KeyPair;
  readonly seal: KeyPair;
}

export async function startSealedFlow(options: FlowOptions): Promise<SealedFlow> {
  const [relay, seal] = [await createRelayKey(), await createSealKey()];
  const flow = await startFlow({
    ...options,
    secrets: { ...options.secrets, SIGNING: JSON.stringify(relay.privateJwk), SEAL_PUBLIC: JSON.stringify(seal.publicJwk) },
    relayYml: (yaml, urls) =>
      (options.relayYml?.(yaml, urls) ?? yaml)
        .replace('tasks:', 'signing_key: { env: SIGNING }\ntasks:')
        .replace('unrouted: fail', 'unrouted: fail\n    transport: sealed\n    seal_public_key: { env: SEAL_PUBLIC }'),
  });
  setSecret(flow, 'SEAL_KEY', JSON.stringify(seal.privateJwk));
  setVariable(flow, 'RELAY_KEY', JSON.stringify(relay.publicJwk));
  setVariable(flow, 'HCP_HOST', flow.hcp.host);
  return { flow, relay, seal };
}

export const setSecret = ({ gate, clock }: Flow, name: string, value: string): void =>
  void gate.secrets.set(name, { name, value, encrypted: null, createdAt: clock.now(), updatedAt: clock.now() });
export const setVariable = ({ gate, clock }: Flow, name: string, value: string): void =>
  void gate.variables.set(name, { name, value, createdAt: clock.now(), updatedAt: clock.now() });
