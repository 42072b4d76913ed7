import { passwordLength } from '@keywright/contract';
import { renderPage } from './page.ts';

/** Where the set-up link leads: the first administrator is made here. What the link holds never reaches the server's log. */
export function renderSetupPage(): string {
  return renderPage({
    title: 'Set up Keywright',
    root: '',
    body: `<h1>Set up Keywright</h1>
<p>Make the account that administers this instance. The link to this page works once.</p>
${form({ purpose: 'setup', submit: 'Make the account', fields: [nameField, emailField, newPasswordField] })}
<section id="done" hidden tabindex="-1">
<h2>Done</h2>
<p>You administer this instance now, and have a project of your own.</p>
<p><a href="./">Go on</a></p>
</section>
${script}`,
  });
}

/** Where an invitation leads: for people who are new here, and for those who have an account. */
export function renderInvitePage(): string {
  return renderPage({
    title: 'Invitation · Keywright',
    root: '',
    body: `<h1>You are invited</h1>
<p>Somebody invited you into a project. Use the e-mail address that the invitation was made for.</p>
${form({
  purpose: 'invite',
  submit: 'Join the project',
  fields: [knownChoice, nameField, emailField, newPasswordField],
})}
<section id="done" hidden tabindex="-1">
<h2>Welcome</h2>
<p>You are a member of the project now.</p>
<p><a href="./">Go on</a></p>
</section>
${script}`,
  });
}

const script = '<script src="account-form.js" type="module"></script>';

interface Form {
  purpose: 'setup' | 'invite';
  submit: string;
  fields: string[];
}

function form({ purpose, submit, fields }: Form): string {
  return `<noscript><p class="notice">This page needs JavaScript: the token of the link must not reach the server's log.</p></noscript>
<p id="problem" class="notice" role="alert" hidden></p>
<form id="form" data-purpose="${purpose}" novalidate hidden>
${fields.join('\n')}
<button type="submit">${submit}</button>
</form>`;
}

const knownChoice = `<fieldset>
<legend>Do you have an account here?</legend>
<label class="choice"><input type="radio" name="known" value="no" checked> No, I am new</label>
<label class="choice"><input type="radio" name="known" value="yes"> Yes</label>
</fieldset>`;

const nameField = field({
  name: 'name',
  label: 'Your name',
  attributes: 'autocomplete="name" maxlength="100"',
});

const emailField = field({
  name: 'email',
  label: 'E-mail address',
  attributes: 'type="email" autocomplete="username" maxlength="254"',
});

const newPasswordField = field({
  name: 'password',
  label: 'Password',
  attributes: `type="password" autocomplete="new-password" maxlength="${passwordLength.max}"`,
  hint: `At least ${passwordLength.min} characters, of any kind. A few words that do not belong together are good.`,
});

interface Field {
  name: string;
  label: string;
  attributes: string;
  hint?: string;
}

function field({ name, label, attributes, hint }: Field): string {
  const described = hint === undefined ? `${name}-fault` : `${name}-hint ${name}-fault`;
  const help = hint === undefined ? '' : `<small id="${name}-hint">${hint}</small>\n`;
  return `<div class="field" data-field="${name}">
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" required aria-describedby="${described}" ${attributes}>
${help}<small id="${name}-fault" class="fault"></small>
</div>`;
}
