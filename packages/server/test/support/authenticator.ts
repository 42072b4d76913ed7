import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { encodeCbor } from './cbor.ts';

interface Credential {
  id: Buffer;
  rpId: string;
  userHandle: string;
  privateKey: KeyObject;
  counter: number;
}

/** Where a page and its authenticator differ from what they should be. */
interface Deviation {
  /** Of the page. */
  origin?: string;
  challenge?: string;
  rpId?: string;
  /** Whether the person gave a PIN, a finger or the face. */
  isUserVerified?: boolean;
  /** The id of the credential, as it is told. */
  id?: string;
  type?: string;
}

export interface CreationOptions {
  challenge: string;
  rp: { id: string; name: string };
  user: { id: string; name: string; displayName: string };
  excludeCredentials: { id: string }[];
  authenticatorSelection: { residentKey: string; userVerification: string };
  attestation: string;
}

export interface RequestOptions {
  challenge: string;
  rpId: string;
  allowCredentials?: unknown[];
  userVerification: string;
}

const flags = { userPresent: 0x01, userVerified: 0x04, attested: 0x40 };

/** A browser at one origin, and an authenticator with passkeys (WebAuthn Level 3): ES256, attestation `none`. */
export class Authenticator {
  readonly origin: string;
  readonly credentials: Credential[] = [];

  constructor(origin: string) {
    this.origin = origin;
  }

  /** As `navigator.credentials.create`, as JSON. */
  create({ challenge, rp, user }: CreationOptions, deviation: Deviation = {}) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    const rpId = deviation.rpId ?? rp.id;
    const id = deviation.id === undefined ? randomBytes(16) : Buffer.from(deviation.id, 'base64url');
    const credential = { id, rpId, userHandle: user.id, privateKey, counter: 0 };
    this.credentials.push(credential);
    const key = encodeCbor(
      new Map<number, number | Buffer>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
      ]),
    );
    const length = Buffer.from([0, id.length]);
    const attested = Buffer.concat([Buffer.alloc(16), length, id, key]);
    const authData = authenticatorData(credential, flags.attested, deviation, attested);
    const attestation = encodeCbor(
      new Map<string, string | Buffer | Map<string, string>>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData],
      ]),
    );
    const clientData = this.#clientData(deviation.type ?? 'webauthn.create', challenge, deviation);
    return {
      id: id.toString('base64url'),
      rawId: id.toString('base64url'),
      type: 'public-key',
      response: {
        clientDataJSON: clientData.toString('base64url'),
        attestationObject: attestation.toString('base64url'),
        transports: ['internal', 'hybrid'],
      },
      clientExtensionResults: {},
      authenticatorAttachment: 'platform',
    };
  }

  /** As `navigator.credentials.get`, as JSON; with the newest passkey. */
  get({ challenge }: Pick<RequestOptions, 'challenge'>, deviation: Deviation = {}) {
    const credential = this.credentials.at(-1);
    if (credential === undefined) throw new Error('the authenticator has no passkey');
    credential.counter++;
    const authData = authenticatorData(credential, 0, deviation);
    const clientData = this.#clientData(deviation.type ?? 'webauthn.get', challenge, deviation);
    const signed = Buffer.concat([authData, createHash('sha256').update(clientData).digest()]);
    const id = deviation.id ?? credential.id.toString('base64url');
    return {
      id,
      rawId: id,
      type: 'public-key',
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: sign('sha256', signed, credential.privateKey).toString('base64url'),
        userHandle: credential.userHandle,
      },
      clientExtensionResults: {},
      authenticatorAttachment: 'platform',
    };
  }

  #clientData(type: string, challenge: string, deviation: Deviation): Buffer {
    const { origin = this.origin } = deviation;
    const text = { type, challenge: deviation.challenge ?? challenge, origin, crossOrigin: false };
    return Buffer.from(JSON.stringify(text));
  }
}

function authenticatorData(
  { rpId, counter }: Credential,
  besides: number,
  { isUserVerified = true, rpId: otherRpId }: Deviation,
  attested: Buffer = Buffer.alloc(0),
): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(counter);
  const byte = flags.userPresent | (isUserVerified ? flags.userVerified : 0) | besides;
  const hash = createHash('sha256')
    .update(otherRpId ?? rpId)
    .digest();
  return Buffer.concat([hash, Buffer.from([byte]), count, attested]);
}
