// The arithmetic of the wall: nothing overlaps, nothing lies outside, the room is well used.
import QtQuick
import QtTest
import "../../qml/Okno/Wall/layout.js" as Layout

TestCase {
    name: "WallLayout"

    readonly property var rooms: [[800, 600], [2560, 1440], [640, 400], [1080, 1920]]
    readonly property var counts: [1, 2, 3, 4, 5, 9, 16, 25]
    readonly property var shapes: [16 / 9, 4 / 3, 1, 9 / 16]

    function test_cells_data() {
        const rows = [];
        for (const room of rooms)
            for (const count of counts)
                for (const aspect of shapes)
                    rows.push({"tag": `${count} of ${aspect.toFixed(2)} in ${room[0]}x${room[1]}`, "room": room, "count": count, "aspect": aspect});
        return rows;
    }

    function test_cells(data) {
        const gap = 4;
        const wall = Layout.wall(data.room[0], data.room[1], gap, Array(data.count).fill(data.aspect), 0, 160);
        compare(wall.cells.length, data.count);
        for (let i = 0; i < data.count; ++i) {
            const a = wall.cells[i];
            verify(a.x >= 0 && a.y >= 0, "inside, left and top");
            verify(a.x + a.width <= data.room[0] && a.y + a.height <= wall.contentHeight, "inside, right and bottom");
            verify(a.width >= Math.min(159, data.room[0]), "not too narrow: " + a.width);
            if (data.count > 1)
                verify(Math.abs(a.width - a.height * data.aspect) <= 1 + data.aspect, "aspect kept");
            for (let k = 0; k < i; ++k) {
                const b = wall.cells[k];
                verify(a.x >= b.x + b.width || b.x >= a.x + a.width || a.y >= b.y + b.height || b.y >= a.y + a.height, `${i} and ${k} overlap`);
            }
        }
    }

    // Against every other number of columns, computed here on its own.
    function test_wastes_little_data() {
        return test_cells_data();
    }

    function test_wastes_little(data) {
        if (data.count === 1)
            return;
        const gap = 4;
        const wall = Layout.wall(data.room[0], data.room[1], gap, Array(data.count).fill(data.aspect), 0, 0);
        const area = wall.cells[0].width * wall.cells[0].height * data.count;
        let best = 0;
        for (let columns = 1; columns <= data.count; ++columns) {
            const rows = Math.ceil(data.count / columns);
            const w = (data.room[0] - gap * (columns + 1)) / columns;
            const h = (data.room[1] - gap * (rows + 1)) / rows;
            if (w > 0 && h > 0)
                best = Math.max(best, Math.min(w * w / data.aspect, h * h * data.aspect) * data.count);
        }
        const room = data.room[0] * data.room[1];
        verify((room - area) <= (room - best) + 0.05 * room, `uses ${area}, could use ${best}`);
        verify(area > best * 0.9, `uses ${area}, could use ${best}`);
    }

    function test_one_stream_has_the_whole_room() {
        const wall = Layout.wall(1280, 720, 4, [4 / 3], 0, 160);
        compare(wall.cells[0].x, 0);
        compare(wall.cells[0].y, 0);
        compare(wall.cells[0].width, 1280);
        compare(wall.cells[0].height, 720);
    }

    function test_a_stream_of_odd_shape_does_not_set_the_tiles() {
        compare(Layout.medianAspect([16 / 9, 16 / 9, 1 / 3]), 16 / 9);
        compare(Layout.medianAspect([0, 0, 4 / 3]), 4 / 3);
        compare(Layout.medianAspect([]), 16 / 9);
    }

    function test_scrolls_rather_than_shrinks() {
        const wall = Layout.wall(640, 400, 4, Array(25).fill(16 / 9), 0, 160);
        verify(wall.contentHeight > 400);
        verify(wall.cells[0].width >= 160);
    }

    function test_neighbours() {
        compare(Layout.neighbour(-1, 5, 3, "right"), 0);
        compare(Layout.neighbour(0, 5, 3, "right"), 1);
        compare(Layout.neighbour(0, 5, 3, "down"), 3);
        compare(Layout.neighbour(2, 5, 3, "down"), 2);
        compare(Layout.neighbour(0, 5, 3, "left"), 0);
        compare(Layout.neighbour(0, 0, 1, "left"), -1);
    }
}
