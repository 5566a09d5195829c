// Draws the blocks a page hands over; draw.js stands before it.

export default function ({ data, parentElement }) {
  const view = parentElement.querySelector(".view");
  view.replaceChildren(...data.blocks.map(draw));
}
