"""The discs on the map: every record is in exactly one, and no two lie over one another."""

import random

from tests.tools.map_page import MapHand, feature

MEASURE = """
import("app://page/map/clusters.js").then(({ cluster, members, mercatorX, mercatorY }) => {
  const chance = (seed) => () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const next = chance(7);
  const count = COUNT;
  const xs = Float64Array.from({ length: count }, () => mercatorX(6.4 + next() * 0.36));
  const ys = Float64Array.from({ length: count }, () => mercatorY(52.02 + next() * 0.16));
  const picks = [...xs.keys()];
  return [9, 11.5, 14, 18].map((zoom) => {
    const made = cluster(xs, ys, picks, zoom);
    const found = made.nodes.flatMap((node) => [...members(node, made.next)]);
    const world = 256 * 2 ** zoom;
    let nearest = Infinity;
    const crowd = made.nodes.filter((node) => node.count > 1).slice(0, 300);
    crowd.forEach((a, i) => crowd.slice(i + 1).forEach((b) => {
      nearest = Math.min(nearest, Math.hypot(a.x - b.x, a.y - b.y) * world);
    }));
    const sum = made.nodes.reduce((total, { count }) => total + count, 0);
    return { sum, members: new Set(found).size, listed: found.length, nearest };
  });
})
"""


def test_every_record_is_in_exactly_one_disc_or_pin(hand: MapHand) -> None:
    for found in hand.promise(MEASURE.replace("COUNT", "3000")):
        assert found["sum"] == found["members"] == found["listed"] == 3000


def test_discs_do_not_lie_over_one_another(hand: MapHand) -> None:
    for found in hand.promise(MEASURE.replace("COUNT", "3000")):
        assert found["nearest"] is None or found["nearest"] > 40


def test_zooming_in_shows_each_record_as_itself(hand: MapHand) -> None:
    chance = random.Random(3)
    places = [(6.5 + chance.random() * 0.1, 52.09 + chance.random() * 0.05) for _ in range(400)]
    hand.show(*(feature(str(i), *place) for i, place in enumerate(places)))
    assert sum(stop["count"] for stop in hand.js("naoberkaart.stops()")) == 400
    lon, lat = places[17]
    hand.fit(lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4)
    assert "17" in [stop["id"] for stop in hand.js("naoberkaart.stops()")]
