// The variants of a run, side by side: player, piano roll with the playing position, score, files.
// value: null, or {title, variants: [{name, facts: [...], sound, roll: {seconds, low, high, notes: [[start, length, pitch, who]],
//   sections: [[name, second]]}, pages: [...], files: [[label, url]]}], authors: [...], told: [[whose, mood in words]], moods: [[v, a], ...]}
// Tells the plane the moods by the document's event "pieces", and the page by "written" that they are there.
// Triggers "again", and "more" with value.like, the number of a variant.
const NS = 'http://www.w3.org/2000/svg';
const TALL = 4, SECOND = 34, HEAD = 18;

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

function roll(parent, name, {seconds, low, high, notes, sections}, audio) {
  const pitches = high - low + 3;
  const [width, height] = [Math.ceil(seconds * SECOND) + 8, pitches * TALL + HEAD];
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
  const top = make(root, 'div', {class: 'top'});
  make(top, 'h2', {tabindex: -1}, value.title);
  const legend = make(top, 'p', {class: 'legend'});
  for (const [who, text] of value.authors) {
    const span = make(legend, 'span', {}, '');
    make(span, 'i', {class: `by-${who}`});
    span.append(text);
  }
  make(top, 'button', {type: 'button', class: 'again'}, 'another take');
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
    roll(card, variant.name, variant.roll, audio);
    if (variant.pages.length) score(card, variant.pages);
    const files = make(card, 'p', {class: 'files'});
    for (const [label, url] of variant.files) make(files, 'a', {href: url, download: url.split('/').pop()}, label);
    make(card, 'button', {type: 'button', class: 'more', 'data-number': number}, 'write on from here');
  });
  document.dispatchEvent(new CustomEvent('written'));
}

element.addEventListener('click', event => {
  if (event.target.matches('button.again')) trigger('again');
  if (event.target.matches('button.more')) {
    props.value = {...props.value, like: Number(event.target.dataset.number)};
    trigger('more');
  }
});
watch('value', draw);
draw();
