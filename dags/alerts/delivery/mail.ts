// Delivery by e-mail, in English and Khmer.
import { createTransport } from 'nodemailer'
import type { Notice } from '../notice.ts'
import type { Channel } from './deliveries.ts'

export interface MailConfig {
  /** `smtp://` (upgraded by STARTTLS where it is offered) or `smtps://`, with name and password if needed. */
  url: string
  from: string
  to: readonly string[]
  timeoutMs: number
}

/** A channel that sends one message to all recipients. */
export function mailChannel ({ url, from, to, timeoutMs }: MailConfig): Channel {
  const transport = createTransport({
    url, connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs
  })
  return {
    name: 'email',
    async deliver (id, notice, signal) {
      signal.throwIfAborted()
      await transport.sendMail({
        from,
        to: [...to],
        textEncoding: 'base64',
        subject: `[borderflow] ${notice.data.title.en} / ${notice.data.title.km}`,
        text: textOf(notice),
        // The same for every attempt, so that mail programs show one that came twice once.
        messageId: `<${id}@borderflow>`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Borderflow-Delivery': id, 'X-Borderflow-Alert': notice.data.alert.id }
      })
    },
    close: () => { transport.close() }
  }
}

function textOf ({ data: { title, text, warehouse, alert } }: Notice): string {
  return [title.en, text.en, '', title.km, text.km, '', `-- \nborderflow ${warehouse}\n${alert.id}`, ''].join('\n')
}
