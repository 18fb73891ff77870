// What belongs to the whole page: one sound at a time, and where a visitor looks, listens and types
// while a piece is being written. #status says how far it is by the data of its card:
// data-state: working, done, failed or cancelled; data-say: the step, in words; data-share: 0 to 100.
const NAME = 'mood2music';
const TITLES = {done: 'your piece is ready', failed: 'that did not work', cancelled: 'cancelled'};

document.addEventListener('play', event => {
  for (const other of document.querySelectorAll('audio')) if (other !== event.target) other.pause();
}, true);

function start() {
  const file = document.querySelector('#own-said [data-file]');
  const [song, own] = ['.song', '.file'].map(name => document.querySelector(`#from ${name}`));
  if (!song || own.hidden !== Boolean(file)) return;
  song.hidden = Boolean(file);
  own.hidden = !file;
  own.querySelector('.title').textContent = file ? file.dataset.file : '';
}

let state = '', said = '', arrived = false;
function look() {
  // Tab goes past a list of choices, which is closed when its field is left.
  for (const list of document.querySelectorAll('ul[role=listbox]:not([tabindex])')) list.tabIndex = -1;
  // Gradio puts a button into a button where more files can be chosen: the inner one is what is pressed.
  for (const outer of document.querySelectorAll('button.icon-button:has(button):not([role])')) {
    outer.setAttribute('role', 'group');
    outer.tabIndex = -1;
    outer.ariaLabel = outer.title = 'choose files';
  }
  start();
  const card = document.querySelector('#status [data-state]');
  const now = card ? card.dataset.state : '';
  if (now === 'working') {
    document.title = `${card.dataset.share} % \u00b7 ${NAME}`;
  } else if (now !== state) {
    document.title = TITLES[now] ? `${TITLES[now]} \u00b7 ${NAME}` : NAME;
  }
  const words = card ? card.dataset.say || '' : '';
  if (words !== said) document.getElementById('live').textContent = said = words;
  if (now !== state) {
    state = now;
    document.getElementById('go').toggleAttribute('data-writing', now === 'working');
    if (now === 'working' || now === 'failed') show(document.getElementById('status'));
  }
  // Card and growing roll go from above the piece after it has come: before that it has no place of its own.
  if (arrived && now !== 'working' && !document.querySelector('#draft .top')) {
    arrived = false;
    show(document.getElementById('results'));
  }
}

function show(part) {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  requestAnimationFrame(() => part.scrollIntoView({block: 'start', behavior: still ? 'auto' : 'smooth'}));
}

new MutationObserver(look).observe(document.body, {childList: true, subtree: true,
                                                   attributeFilter: ['data-share', 'data-state']});
// Gradio looks at a key when its field may be left already, and would open the list again for a Tab.
document.addEventListener('keydown', event => {
  if (event.key === 'Tab' && event.target.matches('[role=combobox]')) event.stopPropagation();
}, true);
document.addEventListener('click', event => {
  const button = event.target.closest('#from button.shape');
  if (!button) return;
  const open = document.getElementById('shapes').toggleAttribute('data-open');
  button.setAttribute('aria-expanded', String(open));
});
document.addEventListener('click', event => {
  const guess = event.target.closest('#portrait button[data-mood]');
  if (guess) document.dispatchEvent(new CustomEvent('mood', {detail: JSON.parse(guess.dataset.mood)}));
});
document.addEventListener('written', () => {
  const title = document.querySelector('#results h2');
  if (!title) return;
  title.focus({preventScroll: true});
  arrived = true;
  look();
});
