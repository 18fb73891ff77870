// The valence-arousal plane: songs as dots, and marks for the mood, the photo, the song, the piece.
// value: {mood: [v, a], photo: [v, a] | null}; nothing but a photo sets it from outside, so that no late answer moves it back.
// The document's event "pieces" brings the moods of new pieces, "mood" one that is chosen elsewhere, "song" where the chosen song lies.
// props.songs: [[v, a, number of its style, title], ...]; props.styles: [[name, colour], ...];
// props.words: [[word, [v, a]], ...], each a button with a drawn face
// Triggers "moved" when the mood is another one, and when other songs are asked for by the document's event "filtered".
let held = null;
const NS = 'http://www.w3.org/2000/svg';
const SIDE = 400, EDGE = 30;
const at = x => EDGE + (x + 1) / 2 * (SIDE - 2 * EDGE);
const back = x => Math.max(-1, Math.min(1, (x - EDGE) / (SIDE - 2 * EDGE) * 2 - 1));

function make(name, attributes, parent, text) {
  const node = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text !== undefined) node.textContent = text;
  parent.appendChild(node);
  return node;
}

function words(mood) {
  const sign = x => (x < 0 ? '−' : '+') + Math.abs(x).toFixed(2);
  return `valence ${sign(mood[0])}, arousal ${sign(mood[1])}`;
}

// A face as face/dataset/drawn.py draws it: valence bends mouth and brows, arousal opens eyes and mouth.
function face(parent, [v, a]) {
  const svg = make('svg', {viewBox: '0 0 48 48', class: 'face', 'aria-hidden': 'true'}, parent);
  make('circle', {cx: 24, cy: 24, r: 21, class: 'skin'}, svg);
  const eye = 1.2 + 2.6 * (a + 1) / 2;
  for (const side of [-1, 1]) {
    make('ellipse', {cx: 24 + side * 8, cy: 20, rx: 2.6, ry: eye, class: 'ink'}, svg);
    const brow = 12.5 - 2 * a, inner = brow + 6 * Math.min(v, 0) * (a < 0 ? 1 : -1), outer = brow + Math.max(v, 0);
    make('path', {d: `M${24 + side * 4.5} ${inner}L${24 + side * 12} ${outer}`, class: 'line'}, svg);
  }
  const open = Math.max(0, a) * (v > 0 ? 5 : 1), bend = v * 6;
  make('path', {d: `M14 ${33 - bend / 2}Q24 ${33 + bend} 34 ${33 - bend / 2}Q24 ${33 + bend + 2 * open} 14 ${33 - bend / 2}Z`,
                class: 'mouth'}, svg);
}

const near = (one, other) => Math.hypot(one[0] - other[0], one[1] - other[1]) < 0.02;
const group = element.querySelector('.words');
for (const [word, mood] of props.words) {
  const button = document.createElement('button');
  button.type = 'button';
  face(button, mood);
  button.append(word);
  button.addEventListener('click', () => { held = mood; settle(); });
  group.append(button);
}
element.querySelector('.kinds').replaceChildren(...props.styles.map(([name, colour]) => {
  const kind = document.createElement('span');
  const dot = document.createElement('i');
  dot.style.background = colour;
  kind.append(dot, name);
  return kind;
}));

let pieces = [], song = null;
const svg = make('svg', {viewBox: `0 0 ${SIDE} ${SIDE}`, class: 'plane', role: 'group',
                         'aria-label': 'valence-arousal plane'}, element.querySelector('.canvas'));
make('rect', {x: EDGE, y: EDGE, width: SIDE - 2 * EDGE, height: SIDE - 2 * EDGE, class: 'ground'}, svg);
make('line', {x1: EDGE, x2: SIDE - EDGE, y1: at(0), y2: at(0), class: 'axis'}, svg);
make('line', {y1: EDGE, y2: SIDE - EDGE, x1: at(0), x2: at(0), class: 'axis'}, svg);
make('text', {x: SIDE / 2, y: SIDE - 9, 'text-anchor': 'middle', class: 'name'}, svg, 'valence: unpleasant to pleasant');
make('text', {x: 0, y: 0, 'text-anchor': 'middle', class: 'name', transform: `translate(19 ${SIDE / 2}) rotate(-90)`},
     svg, 'arousal: calm to excited');
for (const [v, a, style, title] of props.songs) {
  const dot = make('circle', {cx: at(v), cy: at(-a), r: 3, class: 'song',
                              fill: (props.styles[style] || [])[1] || 'var(--body-text-color-subdued)'}, svg);
  make('title', {}, dot, title);
}
for (const [x, y, anchor, text] of [[EDGE + 6, EDGE + 16, 'start', 'tense, angry'],
    [SIDE - EDGE - 6, EDGE + 16, 'end', 'excited, happy'], [EDGE + 6, SIDE - EDGE - 8, 'start', 'sad, tired'],
    [SIDE - EDGE - 6, SIDE - EDGE - 8, 'end', 'calm, content']]) {
  make('text', {x, y, 'text-anchor': anchor, class: 'corner'}, svg, text);
}
const marks = make('g', {}, svg);
const mark = make('circle', {r: 10, class: 'mood', tabindex: 0, role: 'slider', 'aria-label': 'mood: arrow keys move it',
                             'aria-valuemin': -1, 'aria-valuemax': 1}, svg);

// Only the marks are made anew: a finger that is about to lift stays on what it touched.
function draw() {
  const {mood, photo} = props.value;
  marks.replaceChildren();
  if (song) make('circle', {cx: at(song[0]), cy: at(-song[1]), r: 8, class: 'chosen'}, marks);
  for (const piece of pieces) {
    const [x, y] = [at(piece[0]), at(-piece[1])];
    const drawn = make('path', {d: `M${x} ${y - 8}L${x + 7} ${y + 5}L${x - 7} ${y + 5}Z`, class: 'piece'}, marks);
    make('title', {}, drawn, `the new piece, measured: ${words(piece)}`);
  }
  if (photo) {
    const [x, y] = [at(photo[0]), at(-photo[1])];
    const drawn = make('rect', {x: x - 7, y: y - 7, width: 14, height: 14, class: 'photo'}, marks);
    make('title', {}, drawn, `read from the photo: ${words(photo)}`);
  }
  point(held || mood);
  mark.setAttribute('aria-valuenow', mood[0]);
  mark.setAttribute('aria-valuetext', words(mood));
  props.words.forEach(([, place], i) => {
    group.children[i].setAttribute('aria-pressed', String(near(place, mood)));
  });
  element.querySelector('.of-photo').hidden = !photo;
  element.querySelector('.of-song').hidden = !song;
  element.querySelector('.of-piece').hidden = !pieces.length;
}

function point(mood) {
  mark.setAttribute('cx', at(mood[0]));
  mark.setAttribute('cy', at(-mood[1]));
  element.querySelector('.said').textContent = words(mood);
}

function place(event) {
  const box = svg.getBoundingClientRect();
  const scale = SIDE / box.width;
  const round = x => Math.round(x * 100) / 100;
  return [round(back((event.clientX - box.left) * scale)), round(-back((event.clientY - box.top) * scale))];
}

function show(mood) {
  held = mood;
  point(mood);
}

function settle() {
  if (held === null) return;
  const mood = held;
  held = null;
  props.value = {...props.value, mood};
  draw();
  trigger('moved');
}

// A mouse drags from anywhere. A finger drags from the point alone, which takes no scrolling
// (touch-action); elsewhere it may be about to scroll, so that only a tap moves the mood.
element.addEventListener('pointerdown', event => {
  if (!event.target.closest('svg.plane') || event.button) return;
  if (event.pointerType === 'touch' && !event.target.matches('circle.mood')) return;
  event.preventDefault();
  element.querySelector('.canvas').setPointerCapture(event.pointerId);
  show(place(event));
});
element.addEventListener('pointermove', event => { if (held !== null) show(place(event)); });
element.addEventListener('pointerup', settle);
element.addEventListener('pointercancel', settle);
element.addEventListener('click', event => {
  if (event.pointerType !== 'touch' || !event.target.closest('svg.plane')) return;
  show(place(event));
  settle();
});
element.addEventListener('keydown', event => {
  const step = {ArrowLeft: [-0.05, 0], ArrowRight: [0.05, 0], ArrowUp: [0, 0.05], ArrowDown: [0, -0.05]}[event.key];
  if (!step || !event.target.matches('circle.mood')) return;
  event.preventDefault();
  const from = held || props.value.mood;
  show([0, 1].map(i => Math.max(-1, Math.min(1, Math.round((from[i] + step[i]) * 100) / 100))));
});
element.addEventListener('keyup', event => {
  if (event.key.startsWith('Arrow')) settle();
});
document.addEventListener('mood', event => { held = event.detail; settle(); });
document.addEventListener('song', event => { song = event.detail; draw(); });
document.addEventListener('filtered', () => trigger('moved'));
document.addEventListener('pieces', event => { pieces = event.detail; draw(); });
// What the server sends is a photo's mood: it moves the mood as a visitor does.
watch('value', () => { draw(); trigger('moved'); });
draw();
