// The variants of a run, side by side: player, piano roll with the playing position, score, files.
// value: null, or {run, title, variants: [{name, facts: [...], sound, roll: {seconds, low, high, notes: [[start, length, pitch, who]],
//   sections: [[name, second]], bars: [second]}, pages: [...], files: [[label, url]]}], authors: [...], told: [[whose, mood in words]], moods: [[v, a], ...]}
// Tells the plane the moods by the document's event "pieces", and the page by "written" that they are there.
// Triggers "again"; "more" with value.like, the number of a variant; "rewrite" with value.bars, the first and the last, too;
// "take" with value.want, what is taken home; the document's event "taken" brings it.
// Earlier runs can be looked at again, as many as the server keeps.
const NS = 'http://www.w3.org/2000/svg';
const TALL = 4, SECOND = 34, HEAD = 18, KEPT = 8, ON = 8;
let past = [];

function make(parent, name, attributes = {}, text) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  parent.appendChild(node);
  return node;
}

function shape(parent, name, attributes, text) {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  parent.appendChild(node);
  return node;
}

const clock = s => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, '0')}`;

function roll(parent, name, {seconds, low, high, notes, sections, bars}, audio, range) {
  const pitches = high - low + 3;
  const [width, height] = [Math.ceil(seconds * SECOND) + 8, pitches * TALL + HEAD + 12];
  const window = make(parent, 'div', {class: 'roll', tabindex: 0, role: 'region', 'aria-label': `piano roll of ${name}, scrolls sideways`});
  const svg = shape(window, 'svg', {width, height, viewBox: `0 0 ${width} ${height}`});
  for (let pitch = low - 1; pitch <= high + 1; pitch++) {
    if ([1, 3, 6, 8, 10].includes(pitch % 12)) {
      shape(svg, 'rect', {x: 0, y: HEAD + (high + 1 - pitch) * TALL, width, height: TALL, class: 'black-key'});
    }
  }
  for (let second = 5; second < seconds; second += 5) {
    shape(svg, 'line', {x1: second * SECOND, x2: second * SECOND, y1: HEAD, y2: height, class: 'time'});
    shape(svg, 'text', {x: second * SECOND, y: 13, 'text-anchor': 'middle'}, clock(second));
  }
  const chosen = shape(svg, 'rect', {y: 0, height, class: 'chosen'});
  range.addEventListener('input', () => {
    const [first, last] = [...range.querySelectorAll('input')].map(field => Number(field.value));
    const [from, to] = [bars[first - 1] ?? seconds, bars[last] ?? seconds];
    chosen.setAttribute('x', from * SECOND);
    chosen.setAttribute('width', Math.max(0, to - from) * SECOND);
    if (from * SECOND > window.scrollLeft + window.clientWidth) window.scrollLeft = from * SECOND - 30;
  });
  bars.forEach((second, bar) => {
    shape(svg, 'line', {x1: second * SECOND, x2: second * SECOND, y1: height - 9, y2: height, class: 'bar'});
    shape(svg, 'text', {x: second * SECOND + 2, y: height - 2, class: 'bar'}, bar + 1);
  });
  for (const [name, second] of sections) {
    shape(svg, 'line', {x1: second * SECOND, x2: second * SECOND, y1: 0, y2: height, class: 'section'});
    shape(svg, 'text', {x: second * SECOND + 4, y: 13, class: 'section'}, name);
  }
  for (const [start, length, pitch, who] of notes) {
    shape(svg, 'rect', {x: start * SECOND, y: HEAD + (high + 1 - pitch) * TALL, rx: 1,
                        width: Math.max(1.5, length * SECOND - 0.7), height: TALL - 0.6, class: `by-${who}`});
  }
  const cursor = shape(svg, 'line', {x1: 0, x2: 0, y1: 0, y2: height, class: 'cursor'});
  const follow = () => {
    const x = audio.currentTime * SECOND;
    cursor.setAttribute('x1', x);
    cursor.setAttribute('x2', x);
    if (x < window.scrollLeft || x > window.scrollLeft + window.clientWidth * 0.85) {
      window.scrollLeft = x - window.clientWidth * 0.15;
    }
    if (!audio.paused && window.isConnected) requestAnimationFrame(follow);
  };
  audio.addEventListener('play', follow);
  audio.addEventListener('seeked', follow);
  svg.addEventListener('click', event => {
    audio.currentTime = (event.clientX - svg.getBoundingClientRect().left) / SECOND;
  });
}

function score(parent, pages) {
  const view = make(parent, 'figure', {class: 'score'});
  const picture = make(view, 'img', {alt: 'score, page 1', loading: 'lazy'});
  const bar = make(view, 'figcaption');
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
  const top = make(root, 'div', {class: 'top'});
  make(top, 'h2', {tabindex: -1}, value.title);
  const legend = make(top, 'p', {class: 'legend'});
  for (const [who, text] of value.authors) {
    const span = make(legend, 'span', {}, '');
    make(span, 'i', {class: `by-${who}`});
    span.append(text);
  }
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
  const cards = make(root, 'div', {class: 'cards'});
  value.variants.forEach((variant, number) => {
    const card = make(cards, 'article', {});
    make(card, 'h3', {}, variant.name);
    const facts = make(card, 'ul', {class: 'facts'});
    for (const fact of variant.facts) make(facts, 'li', {}, fact);
    const audio = make(card, 'audio', {controls: '', preload: 'metadata', src: variant.sound, 'aria-label': variant.name});
    if (value.variants.length > 1) make(card, 'button', {type: 'button', class: 'same'}, 'hear from where the other is');
    const range = document.createElement('fieldset');
    roll(card, variant.name, variant.roll, audio, range);
    mine(card, range, variant, number);
    if (variant.pages.length) score(card, variant.pages);
    const files = make(card, 'p', {class: 'files'});
    for (const [label, url] of variant.files) make(files, 'a', {href: url, download: url.split('/').pop()}, label);
    for (const [want, text] of [['wav', 'WAV'], ['card', 'a card to send (PNG)'], ['link', 'a link to send']]) {
      make(files, 'button', {type: 'button', class: 'take', 'data-want': want, 'data-number': number}, text);
    }
  });
  if (anew) document.dispatchEvent(new CustomEvent('written'));
}

// What a visitor makes of a variant: others like it, more behind its end, some of its bars anew.
function mine(card, range, {name, roll: {bars}}, number) {
  const row = make(card, 'div', {class: 'mine', role: 'group', 'aria-label': `make ${name} yours`});
  make(row, 'button', {type: 'button', class: 'more', 'data-number': number}, 'more like this');
  make(row, 'button', {type: 'button', class: 'on', 'data-number': number, 'data-bars': JSON.stringify([bars.length + 1, bars.length + ON])}, 'go on');
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

let heard = null, asking = null;
// What was asked for is there: a file is taken home, a link is shown beside its button.
document.addEventListener('taken', event => {
  const {want, href, minutes, name, wrong} = event.detail;
  if (!asking || !asking.isConnected) return;
  if (!wrong && want !== 'link') {
    const link = make(document.body, 'a', {href, download: name, hidden: ''});
    link.click();
    link.remove();
    return;
  }
  const row = asking.parentNode;
  const said = row.querySelector('.said') || make(row, 'p', {class: 'said', role: 'status'});
  said.replaceChildren(wrong || `Whoever has this link hears it for ${minutes} minutes, also when this page is closed: `);
  if (wrong) return;
  const field = make(said, 'input', {readonly: '', 'aria-label': 'link to the piece', value: href});
  field.select();
});
element.addEventListener('play', event => { heard = event.target; }, true);
element.addEventListener('click', event => {
  if (event.target.matches('button.again')) trigger('again');
  const button = event.target.closest('button');
  if (!button) return;
  const like = Number(button.dataset.number);
  if (button.matches('.more')) {
    props.value = {...props.value, like};
    trigger('more');
  }
  if (button.matches('.on, .rewrite')) {
    const fields = [...button.parentNode.querySelectorAll('input')];
    if (!fields.every(field => field.reportValidity())) return;
    props.value = {...props.value, like, bars: button.dataset.bars ? JSON.parse(button.dataset.bars) : fields.map(field => Number(field.value))};
    trigger('rewrite');
  }
  if (button.matches('.take')) {
    asking = button;
    props.value = {...props.value, like, want: button.dataset.want};
    trigger('take');
  }
  if (button.matches('.go')) {
    props.value = {...past[Number(button.dataset.run)]};
    draw();
    element.querySelector('h2').focus();
  }
  if (button.matches('.same')) {
    const own = button.closest('article').querySelector('audio');
    if (heard && heard !== own) own.currentTime = heard.currentTime;
    own.play();
  }
});
watch('value', draw);
draw();
