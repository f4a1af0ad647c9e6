// Payloads in quarantine are sealed with AES-256-GCM. Source, partition and offset are bound to the text, so that a
// payload cannot be moved to another entry unseen. The key is outside the warehouse and outside every backup.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { BorderflowError } from '../../core/errors.ts'
import { gunzipSync, gzipSync } from 'node:zlib'

const NONCE_BYTES = 12
const TAG_BYTES = 16
/** At most this much of a payload is kept. */
export const PAYLOAD_BYTES_MAX = 64 * 1024

export interface PayloadPlace { source: string, partition: string, offset: number }
export type SealPayload = (payload: Uint8Array, place: PayloadPlace) => Uint8Array
export type OpenPayload = (sealed: Uint8Array, place: PayloadPlace) => Uint8Array

/** Makes the pair of functions for a key of 32 bytes. A sealed payload is nonce, text, tag. */
export function createSeal (key: Uint8Array): { seal: SealPayload, open: OpenPayload } {
  return {
    seal (payload, place) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      cipher.setAAD(associatedData(place))
      // Compressed first: messages are repetitive text. The size it leaks is stored beside it anyway.
      const text = gzipSync(payload.subarray(0, PAYLOAD_BYTES_MAX), { level: 1 })
      return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()])
    },
    open (sealed, place) {
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
        decipher.setAAD(associatedData(place))
        decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
        const text = decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES))
        return gunzipSync(Buffer.concat([text, decipher.final()]))
      } catch (error) {
        throw new BorderflowError('QUARANTINE_PAYLOAD', {
          expected: 'a payload sealed with the key in force',
          found: 'one that does not open',
          where: `${place.source} ${place.partition} ${place.offset}`,
          remedy: 'Check that the quarantine key is the one of this warehouse.',
          cause: error
        })
      }
    }
  }
}

function associatedData ({ source, partition, offset }: PayloadPlace): Buffer {
  return Buffer.from([source, partition, offset].join('\u001f'), 'utf8')
}
