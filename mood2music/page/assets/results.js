// The variants of a run, side by side: player, piano roll with the playing position, score, files.
// value: null, or {run, title, variants: [{name, facts: [...], sound, roll: {seconds, low, high, notes: [[start, length, pitch, who]],
//   sections: [[name, second]], bars: [second]}, pages: [...], files: [[label, url]]}], authors: [...], told: [[whose, mood in words]], moods: [[v, a], ...]}
// style: of what was blended in, "" for none; dial: whether the variants are one piece with less and more of it, one is shown then.
// video: whether this machine can make one.
// Tells the plane the moods by the document's event "pieces", and the page by "written" that they are there.
// players: [[field, label, choices, the chosen one]] of who plays the notes and how they are printed.
// Triggers "again", "more", "dial" and "rewrite", of value.write: {run, like: the number of a variant, bars: the first and the last};
// "anew", of value.write: {run, instrument, score}; "back" at the document's event "left", when something was left in this tab;
// and "take", of value.take: {run, like, want: what is taken home}; the document's event "taken" brings it, or tells that it was not made.
// Earlier runs can be looked at again, as many as the server keeps.
const KEPT = 8, ON = 8;
let past = [], shown = null;
// What was asked last, of writing and of taking home. It is sent a moment later: what is shown by then takes nothing of it back.
let asked = {};
// The roll of what each player plays, by which one goes on where another is: their tempi may differ.
const rolls = new WeakMap();

function score(parent, pages) {
  const view = make(parent, 'figure', {class: 'score'});
  const picture = make(view, 'img', {alt: 'score, page 1', loading: 'lazy'});
  const bar = make(view, 'figcaption', pages.length > 1 ? {} : {hidden: ''});
  const before = make(bar, 'button', {type: 'button', 'aria-label': 'page before'}, '‹');
  const where = make(bar, 'span');
  const after = make(bar, 'button', {type: 'button', 'aria-label': 'next page'}, '›');
  let page = 0;
  const turn = step => {
    page = Math.max(0, Math.min(pages.length - 1, page + step));
    picture.src = pages[page];
    picture.alt = `score, page ${page + 1}`;
    where.textContent = `page ${page + 1} of ${pages.length}`;
    before.disabled = page === 0;
    after.disabled = page === pages.length - 1;
  };
  before.addEventListener('click', () => turn(-1));
  after.addEventListener('click', () => turn(1));
  turn(0);
}

function draw() {
  const root = element.querySelector('.results');
  root.replaceChildren();
  const value = props.value;
  if (!value || !value.variants) return;
  document.dispatchEvent(new CustomEvent('pieces', {detail: value.moods}));
  const anew = !past.some(one => one.run === value.run);
  if (anew) past = [...past, JSON.parse(JSON.stringify(value))].slice(-KEPT);
  props.value = shown = {...value, ...asked};
  const top = make(root, 'div', {class: 'top'});
  make(top, 'h2', {tabindex: -1}, value.title);
  legend(top, value.authors);
  const runs = make(top, 'p', {class: 'runs'});
  const at = past.findIndex(one => one.run === value.run);
  if (past.length > 1) {
    const back = make(runs, 'button', {type: 'button', class: 'go', 'data-run': at - 1, 'aria-label': 'the piece before'}, 'undo');
    make(runs, 'span', {}, `${at + 1} of ${past.length}`);
    const forth = make(runs, 'button', {type: 'button', class: 'go', 'data-run': at + 1, 'aria-label': 'the piece after'}, 'redo');
    back.disabled = at === 0;
    forth.disabled = at === past.length - 1;
  }
  make(runs, 'button', {type: 'button', class: 'again'}, 'another take');
  const road = make(top, 'dl', {class: 'road'});
  for (const [what, mood] of value.told) {
    const step = make(road, 'div');
    make(step, 'dt', {}, what);
    make(step, 'dd', {}, mood);
  }
  players(top, value.players);
  if (value.dial) dial(root, value);
  const cards = make(root, 'div', {class: 'cards'});
  value.variants.forEach((variant, number) => {
    const card = make(cards, 'article', {});
    card.hidden = value.dial && number > 0;
    make(card, 'h3', {}, variant.name);
    const facts = make(card, 'ul', {class: 'facts'});
    for (const fact of variant.facts) make(facts, 'li', {}, fact);
    const audio = make(card, 'audio', {controls: '', preload: value.dial ? 'auto' : 'metadata', src: variant.sound, 'aria-label': variant.name});
    rolls.set(audio, variant.roll);
    if (value.variants.length > 1 && !value.dial) make(card, 'button', {type: 'button', class: 'same'}, 'hear from where the other is');
    const range = document.createElement('fieldset');
    roll(card, variant.name, variant.roll, audio, range);
    mine(card, range, variant, number, value.dial ? '' : value.style);
    if (variant.pages.length) score(card, variant.pages);
    const files = make(card, 'p', {class: 'files'});
    for (const [label, url] of variant.files) make(files, 'a', {href: url, download: url.split('/').pop()}, label);
    const film = value.video ? [['video', 'video (MP4)']] : [];
    for (const [want, text] of [['wav', 'WAV'], ...film, ['card', 'a card to send (PNG)'], ['link', 'a link to send']]) {
      make(files, 'button', {type: 'button', class: 'take', 'data-run': value.run, 'data-want': want, 'data-like': number}, text);
    }
  });
  if (anew) document.dispatchEvent(new CustomEvent('written'));
}

// The same notes by another instrument, or as another score.
function players(top, offered) {
  const field = make(top, 'fieldset', {class: 'players'});
  make(field, 'legend', {}, 'the same notes');
  for (const [name, text, choices, chosen] of offered) {
    const label = make(field, 'label', {}, `${text} `);
    const list = make(label, 'select', {name});
    for (const choice of choices) make(list, 'option', choice === chosen ? {selected: ''} : {}, choice);
  }
  const button = make(field, 'button', {type: 'button', class: 'play-anew', hidden: ''}, 'play them so');
  field.addEventListener('change', () => {
    button.hidden = offered.every(([name, , , chosen]) => field.querySelector(`[name=${name}]`).value === chosen);
  });
}

// Let a player be in the bar in which another one is.
function goOn(to, from) {
  to.currentTime = along(from.currentTime, rolls.get(from), rolls.get(to));
}

// One piece with less and more of a style: what is chosen goes on where the one before it is.
function dial(root, {variants}) {
  const field = make(root, 'fieldset', {class: 'dial'});
  make(field, 'legend', {}, 'turn it while it plays');
  variants.forEach(({name}, number) => {
    const label = make(field, 'label', {});
    const choice = make(label, 'input', {type: 'radio', name: 'dial', value: number});
    choice.checked = number === 0;
    label.append(name);
  });
  let before = 0;
  field.addEventListener('change', event => {
    const cards = [...root.querySelectorAll('article')], number = Number(event.target.value);
    const [from, to] = [before, number].map(at => cards[at].querySelector('audio'));
    const on = !from.paused;
    cards[before].hidden = true;
    cards[number].hidden = false;
    goOn(to, from);
    if (on) to.play().catch(() => {});
    from.pause();
    before = number;
  });
}

// What a visitor makes of a variant: others like it, more behind its end, some of its bars anew.
function mine(card, range, {name, roll: {bars}}, number, style) {
  const row = make(card, 'div', {class: 'mine', role: 'group', 'aria-label': `make ${name} yours`});
  make(row, 'button', {type: 'button', class: 'more', 'data-number': number}, 'more like this');
  make(row, 'button', {type: 'button', class: 'on', 'data-number': number, 'data-bars': JSON.stringify([bars.length + 1, bars.length + ON])}, 'go on');
  if (style) make(row, 'button', {type: 'button', class: 'turn', 'data-number': number}, `less or more ${style}`);
  if (bars.length < 3) return;
  row.append(range);
  make(range, 'legend', {}, 'keep all but some bars');
  const first = Math.max(2, Math.floor(bars.length / 2) + 1);
  for (const [what, bar] of [['bars', first], ['to', Math.min(bars.length, first + 3)]]) {
    const label = make(range, 'label', {}, `${what} `);
    make(label, 'input', {type: 'number', min: 2, max: bars.length, step: 1, value: bar, 'aria-label': what === 'to' ? 'to bar' : 'from bar'});
  }
  make(range, 'button', {type: 'button', class: 'rewrite', 'data-number': number}, 'write these anew');
}

let heard = null;
// Buttons of what is to be taken home, in the order in which they were pressed; the first is being made.
const wanted = [];
function take() {
  const {run, like, want} = wanted[0].dataset;
  ask({take: {run, like: Number(like), want}}, 'take');
}
// What was asked for is there: a file is taken home, a link is shown beside its button.
document.addEventListener('taken', event => {
  const button = wanted.shift();
  button.removeAttribute('aria-busy');
  if (wanted.length) take();
  const {href, minutes, name, wrong} = event.detail || {};
  if (!wrong && !href) return;
  if (!wrong && button.dataset.want !== 'link') {
    const link = make(document.body, 'a', {href, download: name, hidden: ''});
    link.click();
    link.remove();
    return;
  }
  const {run, like} = button.dataset;
  const row = element.querySelector(`.take[data-run="${run}"][data-like="${like}"]`)?.parentNode;
  if (!row) return;
  const said = row.querySelector('.said') || make(row, 'p', {class: 'said', role: 'status'});
  said.replaceChildren(wrong || `Whoever has this link hears it for ${minutes} minutes, also when this page is closed: `);
  if (wrong) return;
  const field = make(said, 'input', {readonly: '', 'aria-label': 'link to the piece', value: new URL(href, document.baseURI).href});
  field.select();
});
element.addEventListener('play', event => { heard = event.target; }, true);

function ask(what, event) {
  asked = {...asked, ...what};
  props.value = shown = {...props.value, ...what};
  trigger(event);
}
document.addEventListener('left', () => trigger('back'));
function write(what, event) {
  ask({write: {run: props.value.run, ...what}}, event);
}
element.addEventListener('click', event => {
  const button = event.target.closest('button');
  if (!button) return;
  const like = Number(button.dataset.number);
  if (button.matches('.again')) write({}, 'again');
  if (button.matches('.more')) write({like}, 'more');
  if (button.matches('.turn')) write({like}, 'dial');
  if (button.matches('.play-anew')) {
    const lists = [...button.parentNode.querySelectorAll('select')];
    write(Object.fromEntries(lists.map(list => [list.name, list.value])), 'anew');
  }
  if (button.matches('.on, .rewrite')) {
    const fields = [...button.parentNode.querySelectorAll('input')];
    if (!fields.every(field => field.reportValidity())) return;
    write({like, bars: button.dataset.bars ? JSON.parse(button.dataset.bars) : fields.map(field => Number(field.value))}, 'rewrite');
  }
  if (button.matches('.take') && !wanted.includes(button)) {
    button.setAttribute('aria-busy', 'true');
    if (wanted.push(button) === 1) take();
  }
  if (button.matches('.go')) {
    props.value = {...past[Number(button.dataset.run)]};
    draw();
    element.querySelector('h2').focus();
  }
  if (button.matches('.same')) {
    const own = button.closest('article').querySelector('audio');
    if (heard && heard !== own) goOn(own, heard);
    own.play().catch(() => {});
  }
});
// The server sends a finished run twice. What was asked of it, or gone back to, between the two stays.
watch('value', () => {
  if (past.some(one => one.run === props.value?.run)) props.value = shown;
  else draw();
});
draw();
