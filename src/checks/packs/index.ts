// The packs that come with the action, by the name that `extends` takes. A new pack is one file and one line here.
import { AWS_BASICS } from './aws-basics.ts';

export const PACKS: Readonly<Record<string, { readonly text: string; readonly about: string }>> = {
  'aws-basics': {
    text: AWS_BASICS,
    about: 'What every team on AWS checks first: nothing public, encrypted, no open SSH, no wildcard IAM, data stores stay.',
  },
};
