/** Draws a bar for each sensor, as long as its share of the readings. */

import { List, ListBuilder, newList, newListBuilder, newTextWriter } from "../../generated/reporter/runtime";
import * as totals from "../../generated/reporter/totals";
import {
  Canvas,
  DrawOp,
  Picture,
  PictureOrString,
  Rgba,
  TextAnchor,
  ViewInfo,
} from "../../generated/reporter/view";

const WIDTH = 480;
const ROW = 24;

export function listViews(): List<ViewInfo> {
  const views = newList<ViewInfo>(1);
  views[0].name = "counts";
  views[0].title = "Readings of each sensor";
  return views;
}

export function render(view: u32, _now: i64): PictureOrString {
  if (view !== 0) return PictureOrString.err("there is one view only");
  const list = totals.all();
  const canvas = Canvas.create();
  canvas.width = WIDTH;
  canvas.height = ROW * max(list.length, 1);
  const ops = newListBuilder<DrawOp>();
  bar(ops, 0, <f32>WIDTH, <f32>canvas.height, color(0x14, 0x18, 0x20));
  let most: u64 = 1;
  for (let i = 0; i < list.length; i++) most = max(most, list[i].count);
  for (let i = 0; i < list.length; i++) {
    const length = <f32>((<f64>list[i].count / <f64>most) * (WIDTH - 8));
    bar(ops, <f32>(i * ROW + 2), length, <f32>(ROW - 4), color(0x2f, 0x6f, 0xb7));
    caption(ops, i, list[i]);
  }
  canvas.ops = ops.list;
  return PictureOrString.ok(Picture.canvas(canvas));
}

function bar(ops: ListBuilder<DrawOp>, y: f32, width: f32, height: f32, fill: Rgba): void {
  const op = ops.add().toFillRect();
  op.f0.y = y;
  op.f0.width = width;
  op.f0.height = height;
  op.f1 = fill;
}

function caption(ops: ListBuilder<DrawOp>, row: i32, total: totals.Total): void {
  const words = newTextWriter(64);
  words.text("sensor ").unsigned(total.sensor).text(": ").unsigned(total.count).text(" readings, ");
  words.unsigned(total.size).text(" bytes");
  const text = ops.add().toText();
  text.x = 8;
  text.y = <f32>(row * ROW + 16);
  text.size = 12;
  text.anchor = TextAnchor.Start;
  text.color = color(0xff, 0xff, 0xff);
  text.contentChars = words.chars;
}

function color(r: u8, g: u8, b: u8): Rgba {
  const made = Rgba.create();
  made.r = r;
  made.g = g;
  made.b = b;
  made.a = 255;
  return made;
}
