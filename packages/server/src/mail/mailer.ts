/** A letter to one person. */
export interface Message {
  /** An e-mail address and nothing else. */
  to: string;
  subject: string;
  text: string;
  /** The same for who reads HTML. */
  html: string;
}

/** What hands letters on. */
export interface Mailer {
  /** @throws when it was not taken in time, or not at all */
  send(message: Message): Promise<void>;
}
