// Stand-in for the product catalogue. The roles are those of the real one.
pragma Singleton
import QtQml
import QtQml.Models
import Okno.Mock

ListModel {
    id: model

    property int state: CatalogState.Idle
    property string message: ""
    property string address: "http://127.0.0.1:50051"
    property string search: ""
    property bool incomplete: false
    property int pending: 0
    property int pinRevision: 0

    signal done(string action, string productId, string name)
    signal failed(string action, string productId, string message)

    function open() {
        calls.push("open");
        if (state === CatalogState.Idle)
            play(Scenario.argument("catalog", "ready"));
    }
    function retry() {
        calls.push("retry");
        play("ready");
    }
    function find(text: string) {
        search = text;
        show();
    }
    function check(name: string, description: string, price: string): string {
        if (name.trim() === "")
            return "the name is empty: give the product a name";
        if (price.trim() === "" || isNaN(Number(price.replace(",", "."))))
            return "the price is not a number: give a decimal such as 9.90";
        return Number(price.replace(",", ".")) < 0 ? "the price is negative: give 0 or more" : "";
    }
    function add(name: string, description: string, price: string) {
        calls.push("add " + name);
        const id = "id-" + nextId++;
        finish("add", id, name, () => products.push(product(id, name, description, price, [])));
    }
    function update(productId: string, revision: real, name: string, description: string, price: string) {
        calls.push("update " + productId + " " + revision);
        finish("update", productId, name, () => {
            const at = products.findIndex(p => p.productId === productId);
            const streams = products[at].streams.split("\n").filter(s => s !== "");
            products[at] = product(productId, name, description, price, streams);
        });
    }
    function remove(productId: string) {
        calls.push("remove " + productId);
        const at = products.findIndex(p => p.productId === productId);
        removed = products[at];
        finish("remove", productId, removed.name, () => products.splice(at, 1));
    }
    function undoRemove(productId: string) {
        calls.push("undoRemove " + productId);
        finish("restore", productId, "", () => products.push(removed));
    }
    function pin(productId: string, stream: string) {
        calls.push("pin " + productId + " " + stream);
        setPins(productId, "pin", names => names.concat([stream]));
    }
    function unpin(productId: string, stream: string) {
        calls.push("unpin " + productId + " " + stream);
        setPins(productId, "unpin", names => names.filter(name => name !== stream));
    }
    function pinnedTo(stream: string): var {
        return products.filter(p => p.streams.split("\n").includes(stream));
    }
    function row(productId: string): int {
        for (let i = 0; i < count; ++i) {
            if (get(i).productId === productId)
                return i;
        }
        return -1;
    }

    // ---- Only in the mock ------------------------------------------------------------

    property var calls: []
    property var products: []
    property var removed: null
    property int nextId: 1
    property int revision: 0
    /// What the next command fails with; empty lets it succeed.
    property string failure: ""

    Component.onCompleted: if (Scenario.argument("catalog", "") !== "")
        open()

    /// Brings the mock into a state by its name in lower case.
    function play(name: string) {
        const states = {"idle": 0, "connecting": 1, "absent": 2, "ready": 3, "slow": 4, "lost": 5, "back": 6};
        const why = {
            "absent": "no catalogue answers at " + address + ": Connection refused (os error 111). Is `okno-catalog serve` running there?",
            "slow": "the catalogue is slow to answer",
            "lost": "the catalogue ended the watch"
        };
        state = states[name];
        message = why[name] ?? "";
        if (state >= CatalogState.Ready && products.length === 0)
            fill();
        show();
    }

    function fill() {
        products = [
            product("id-cup", "Blue cup", "Stoneware, 0.3 l, safe in the dishwasher", "9.90", ["front door"]),
            product("id-lamp", "Desk lamp", "", "49.00", ["front door", "garden"]),
            product("id-bolt", "Bolt M6", "A2, 40 mm, full thread", "0.125", []),
            product("id-long", "Hand-woven wool blanket with fringes, undyed, from the high valleys", "140 x 200 cm", "189.00", [])
        ];
    }

    function product(id: string, name: string, description: string, price: string, streams: var): var {
        const number = price.replace(",", ".");
        revision += 1;
        const places = (number.split(".")[1] ?? "").length;
        return {
            "productId": id,
            "name": name,
            "description": description,
            "price": places >= 2 ? number : Number(number).toFixed(2),
            "streams": streams.join("\n"),
            "revision": revision
        };
    }

    function setPins(productId: string, action: string, change: var) {
        finish(action, productId, "", () => {
            const at = products.findIndex(p => p.productId === productId);
            const names = change(products[at].streams.split("\n").filter(s => s !== ""));
            const old = products[at];
            products[at] = product(productId, old.name, old.description, old.price, names);
        });
    }

    function finish(action: string, productId: string, name: string, change: var) {
        if (failure !== "") {
            const why = failure;
            failure = "";
            failed(action, productId, why);
            return;
        }
        change();
        show();
        done(action, productId, name);
    }

    function show() {
        const words = search.toLowerCase().split(/\s+/).filter(word => word !== "");
        const wanted = products.filter(p => words.every(word => (p.name + " " + p.description).toLowerCase().includes(word)));
        wanted.sort((a, b) => a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1);
        clear();
        append(state < CatalogState.Ready ? [] : wanted);
        pinRevision += 1;
    }
}
