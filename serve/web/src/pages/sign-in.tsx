// Signing in: by the link that was opened, by its token, or at the organisation's provider.
import { useEffect, useState } from 'preact/hooks'
import { waysToSignIn } from '../api.ts'
import { session, signIn } from '../state/session.ts'
import { choose, language, words } from '../state/taste.ts'

export function SignIn () {
  const text = words.value.signIn
  const state = session.value
  const [openid, setOpenid] = useState<string | null>(null)
  useEffect(() => {
    waysToSignIn().then(ways => { setOpenid(ways.openid) }, () => {})
  }, [])
  const other = language.value === 'km' ? 'en' : 'km'
  function submit (event: SubmitEvent): void {
    event.preventDefault()
    const token = new FormData(event.currentTarget as HTMLFormElement).get('token')
    if (typeof token === 'string' && token.trim() !== '') void signIn(token)
  }
  return (
    <main class='sign-in' id='content'>
      <p><button type='button' class='plain' lang={other} onClick={() => { choose('lang', other) }}>{other === 'km' ? 'ភាសាខ្មែរ' : 'English'}</button></p>
      <div class='card'>
        <p class='brand'><img src='/icon.svg' alt='' width='36' height='36' /><span><b>borderflow</b><small>{words.value.title}</small></span></p>
        <h1>{text.heading}</h1>
        {state.is === 'asking' && <p role='status'>{text.busy}</p>}
        {state.is === 'out' && state.why !== 'none' && <p role='alert' class='problem'>{text[state.why]}</p>}
        <p>{text.explain}</p>
        <form onSubmit={submit}>
          <label class='field'>{text.token}
            <input name='token' type='password' autocomplete='current-password' required spellcheck={false} />
          </label>
          <button type='submit' disabled={state.is === 'asking'}>{text.submit}</button>
        </form>
        {openid !== null && <p><a class='button' href={openid}>{text.organisation}</a></p>}
      </div>
    </main>
  )
}
