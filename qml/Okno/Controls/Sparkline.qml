// The last values of a figure as small bars. Draws only when a value is added.
pragma ComponentBehavior: Bound
import QtQuick
import Okno.Theme

Item {
    id: spark

    /// Oldest first.
    property list<real> values
    readonly property real highest: {
        let most = 0;
        for (const value of values)
            most = Math.max(most, value);
        return most > 0 ? most : 1;
    }

    implicitHeight: Theme.sparkHeight
    Accessible.ignored: true

    Repeater {
        model: spark.values.length

        delegate: Rectangle {
            required property int index

            readonly property real step: spark.width / Math.max(1, spark.values.length)

            x: index * step
            width: Math.max(Theme.hairline, step - Theme.hairline)
            height: Math.max(Theme.hairline, spark.height * (spark.values[index] ?? 0) / spark.highest)
            y: spark.height - height
            color: Theme.accent
        }
    }
}
