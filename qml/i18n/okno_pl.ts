<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="pl_PL">
<context>
    <name>Actions</name>
    <message>
        <source>General</source>
        <translation>Ogólne</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>Strumienie</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Obraz</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Zapis</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Polecenia</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Skróty klawiszowe</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ustawienia</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Statystyki</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Pełny ekran</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Wstecz</translation>
    </message>
    <message>
        <source>Next theme</source>
        <translation>Następny motyw</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Zakończ</translation>
    </message>
    <message>
        <source>Add source…</source>
        <translation>Dodaj źródło…</translation>
    </message>
    <message>
        <source>Show a test pattern</source>
        <translation>Pokaż obraz testowy</translation>
    </message>
    <message>
        <source>Wall</source>
        <translation>Ściana</translation>
    </message>
    <message>
        <source>Large picture of the selected stream</source>
        <translation>Duży obraz wybranego strumienia</translation>
    </message>
    <message>
        <source>Large picture of stream 1–9</source>
        <translation>Duży obraz strumienia 1–9</translation>
    </message>
    <message>
        <source>Next stream</source>
        <translation>Następny strumień</translation>
    </message>
    <message>
        <source>Previous stream</source>
        <translation>Poprzedni strumień</translation>
    </message>
    <message>
        <source>Stream below</source>
        <translation>Strumień poniżej</translation>
    </message>
    <message>
        <source>Stream above</source>
        <translation>Strumień powyżej</translation>
    </message>
    <message>
        <source>Move the tile right</source>
        <translation>Przesuń kafelek w prawo</translation>
    </message>
    <message>
        <source>Move the tile left</source>
        <translation>Przesuń kafelek w lewo</translation>
    </message>
    <message>
        <source>Move the tile down</source>
        <translation>Przesuń kafelek w dół</translation>
    </message>
    <message>
        <source>Move the tile up</source>
        <translation>Przesuń kafelek w górę</translation>
    </message>
    <message>
        <source>Remove the stream</source>
        <translation>Usuń strumień</translation>
    </message>
    <message>
        <source>Fewer columns</source>
        <translation>Mniej kolumn</translation>
    </message>
    <message>
        <source>More columns</source>
        <translation>Więcej kolumn</translation>
    </message>
    <message>
        <source>Names and figures</source>
        <translation>Nazwy i liczby</translation>
    </message>
    <message>
        <source>Pause, or go on</source>
        <translation>Wstrzymaj lub wznów</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Dopasuj</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>Wypełnij</translation>
    </message>
    <message>
        <source>Actual size, 1:1</source>
        <translation>Rzeczywisty rozmiar, 1:1</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Powiększ</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Pomniejsz</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>Odbij</translation>
    </message>
    <message>
        <source>Pixel values</source>
        <translation>Wartości pikseli</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>Zdjęcie</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>Kopiuj obraz</translation>
    </message>
    <message>
        <source>Record, or stop recording</source>
        <translation>Nagrywaj lub zakończ nagrywanie</translation>
    </message>
    <message>
        <source>Products</source>
        <translation>Produkty</translation>
    </message>
    <message>
        <source>Add a product…</source>
        <translation>Dodaj produkt…</translation>
    </message>
    <message>
        <source>Bring the deleted product back</source>
        <translation>Przywróć usunięty produkt</translation>
    </message>
    <message>
        <source>Load the interface anew</source>
        <translation>Wczytaj interfejs od nowa</translation>
    </message>
    <message>
        <source>Load everything anew, fonts and theme too</source>
        <translation>Wczytaj od nowa wszystko, także czcionki i motyw</translation>
    </message>
    <message>
        <source>Step one frame back</source>
        <translation>Klatka wstecz</translation>
    </message>
    <message>
        <source>Step one frame forward</source>
        <translation>Klatka naprzód</translation>
    </message>
    <message>
        <source>Replay: five seconds back</source>
        <translation>Powtórka: pięć sekund wstecz</translation>
    </message>
    <message>
        <source>Replay: five seconds forward</source>
        <translation>Powtórka: pięć sekund naprzód</translation>
    </message>
    <message>
        <source>Back to the present</source>
        <translation>Wróć do teraźniejszości</translation>
    </message>
    <message>
        <source>Record all, or stop all</source>
        <translation>Nagrywaj wszystko albo zatrzymaj wszystko</translation>
    </message>
    <message>
        <source>Calls</source>
        <translation>Rozmowy</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Rozmowa</translation>
    </message>
    <message>
        <source>Start a call</source>
        <translation>Zacznij rozmowę</translation>
    </message>
    <message>
        <source>Join a call</source>
        <translation>Dołącz do rozmowy</translation>
    </message>
    <message>
        <source>Mute, or speak again</source>
        <translation>Wycisz mikrofon lub mów dalej</translation>
    </message>
    <message>
        <source>Camera off, or on again</source>
        <translation>Wyłącz kamerę lub włącz ponownie</translation>
    </message>
    <message>
        <source>Speak while it is held, when muted</source>
        <translation>Mów, dopóki klawisz jest wciśnięty (przy wyciszeniu)</translation>
    </message>
    <message>
        <source>Safety code</source>
        <translation>Kod bezpieczeństwa</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>Rozłącz</translation>
    </message>
    <message>
        <source>Your picture left</source>
        <translation>Własny obraz w lewo</translation>
    </message>
    <message>
        <source>Your picture right</source>
        <translation>Własny obraz w prawo</translation>
    </message>
    <message>
        <source>Your picture up</source>
        <translation>Własny obraz w górę</translation>
    </message>
    <message>
        <source>Your picture down</source>
        <translation>Własny obraz w dół</translation>
    </message>
    <message>
        <source>Find a stream by its name</source>
        <translation>Znajdź strumień po nazwie</translation>
    </message>
    <message>
        <source>Sort the wall by name</source>
        <translation>Uporządkuj ścianę według nazw</translation>
    </message>
    <message>
        <source>Other streams beside the picture</source>
        <translation>Inne strumienie obok obrazu</translation>
    </message>
    <message>
        <source>Keep the last seconds of a local stream, or no longer</source>
        <translation>Przechowuj ostatnie sekundy strumienia lokalnego lub już nie</translation>
    </message>
    <message>
        <source>Save the picture as…</source>
        <translation>Zapisz obraz jako…</translation>
    </message>
</context>
<context>
    <name>AddSourceSheet</name>
    <message>
        <source>Add source</source>
        <translation>Dodaj źródło</translation>
    </message>
    <message>
        <source>Address of the source</source>
        <translation>Adres źródła</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Anuluj</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Dodaj</translation>
    </message>
    <message>
        <source>Okno fetches MJPEG over HTTP from cameras and boards that serve it, and opens picture and video files.</source>
        <translation>Okno pobiera MJPEG przez HTTP z kamer i płytek, które go udostępniają, oraz otwiera pliki obrazów i wideo.</translation>
    </message>
    <message>
        <source>An address begins with http:// or https://, a file with /</source>
        <translation>Adres zaczyna się od http:// lub https://, plik od /</translation>
    </message>
</context>
<context>
    <name>CallControls</name>
    <message>
        <source>Call tools</source>
        <translation>Narzędzia rozmowy</translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>Włącz mikrofon</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Wycisz mikrofon</translation>
    </message>
    <message>
        <source>Turn the camera off</source>
        <translation>Wyłącz kamerę</translation>
    </message>
    <message>
        <source>Turn the camera on</source>
        <translation>Włącz kamerę</translation>
    </message>
    <message>
        <source>Camera, microphone, speaker</source>
        <translation>Kamera, mikrofon, głośnik</translation>
    </message>
    <message>
        <source>Safety code</source>
        <translation>Kod bezpieczeństwa</translation>
    </message>
    <message>
        <source>Leave full screen</source>
        <translation>Opuść pełny ekran</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Pełny ekran</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>Rozłącz</translation>
    </message>
    <message>
        <source>System default</source>
        <translation>Domyślne systemowe</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>Głośnik</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>setting: choice</comment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>CallEnded</name>
    <message>
        <source>Its key now: %1</source>
        <translation>Jego klucz teraz: %1</translation>
    </message>
    <message>
        <source>The call lasted %1.</source>
        <translation>Rozmowa trwała %1.</translation>
    </message>
    <message>
        <source>Another call</source>
        <translation>Inna rozmowa</translation>
    </message>
    <message>
        <source>Use the new relay</source>
        <translation>Zaufaj nowemu serwerowi</translation>
    </message>
    <message>
        <source>Call again</source>
        <translation>Zadzwoń ponownie</translation>
    </message>
</context>
<context>
    <name>CallHome</name>
    <message>
        <source>Call</source>
        <translation>Rozmowa</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>Twoje imię</translation>
    </message>
    <message>
        <source>Start a call</source>
        <translation>Zacznij rozmowę</translation>
    </message>
    <message>
        <source>You get a code for the person you want to talk to. What you say and show is encrypted from you to them.</source>
        <translation>Otrzymasz kod dla osoby, z którą chcesz rozmawiać. To, co mówisz i pokazujesz, jest szyfrowane od ciebie do niej.</translation>
    </message>
    <message>
        <source>Relay, where the two of you meet</source>
        <translation>Serwer (relay), na którym się spotkacie</translation>
    </message>
    <message>
        <source>Join a call</source>
        <translation>Dołącz do rozmowy</translation>
    </message>
    <message>
        <source>Type or paste the code or the link that you were given.</source>
        <translation>Wpisz lub wklej otrzymany kod albo odnośnik.</translation>
    </message>
    <message>
        <source>A code is a number and words, such as 7-guitar-lamp-orbit.</source>
        <translation>Kod to liczba i słowa, na przykład 7-guitar-lamp-orbit.</translation>
    </message>
    <message>
        <source>Not given</source>
        <translation>Nie podano</translation>
    </message>
    <message>
        <source>Code or link</source>
        <translation>Kod lub odnośnik</translation>
    </message>
    <message>
        <source>A port is a number from 1 to 65535.</source>
        <translation>Port to liczba od 1 do 65535.</translation>
    </message>
    <message>
        <source>Pictures and sound need two different ports.</source>
        <translation>Obraz i dźwięk potrzebują dwóch różnych portów.</translation>
    </message>
    <message>
        <source>Write the session code that the other person uses too.</source>
        <translation>Wpisz kod sesji, ten sam, którego używa druga osoba.</translation>
    </message>
    <message>
        <source>The session code is too long.</source>
        <translation>Kod sesji jest za długi.</translation>
    </message>
    <message>
        <source>A server is a name or an IP address, such as example.org. Its ports have their own fields.</source>
        <translation>Serwer to nazwa lub adres IP, na przykład example.org. Porty mają osobne pola.</translation>
    </message>
    <message>
        <source>Call an original client</source>
        <translation>Zadzwoń do oryginalnego programu</translation>
    </message>
    <message>
        <source>For somebody who uses the original VideoChat program. The server, and whoever knows the session code, can see and hear the call.</source>
        <translation>Dla kogoś, kto używa oryginalnego programu VideoChat. Serwer i każdy, kto zna kod sesji, mogą widzieć i słyszeć rozmowę.</translation>
    </message>
    <message>
        <source>Not encrypted</source>
        <translation>Nieszyfrowane</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Serwer</translation>
    </message>
    <message>
        <source>Session code</source>
        <translation>Kod sesji</translation>
    </message>
    <message>
        <source>Port for pictures</source>
        <translation>Port obrazu</translation>
    </message>
    <message>
        <source>Port for sound</source>
        <translation>Port dźwięku</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Połącz</translation>
    </message>
    <message>
        <source>example.org</source>
        <translation>example.org</translation>
    </message>
</context>
<context>
    <name>CallLayer</name>
    <message>
        <source>%1 is gone</source>
        <translation>%1: urządzenie zniknęło</translation>
    </message>
    <message>
        <source>%1 is gone; now using %2</source>
        <translation>%1: urządzenie zniknęło; teraz używane jest %2</translation>
    </message>
</context>
<context>
    <name>CallPage</name>
    <message>
        <source>Call</source>
        <translation>Rozmowa</translation>
    </message>
    <message>
        <source>Not encrypted</source>
        <translation>Nieszyfrowane</translation>
    </message>
</context>
<context>
    <name>CallReturn</name>
    <message>
        <source>the other person</source>
        <translation>drugą osobą</translation>
    </message>
    <message>
        <source>Back to the call with %1  %2</source>
        <translation>Wróć do rozmowy z %1  %2</translation>
    </message>
    <message>
        <source>Back to the call</source>
        <translation>Wróć do rozmowy</translation>
    </message>
    <message>
        <source>%1 (not encrypted)</source>
        <translation>%1 (nieszyfrowane)</translation>
    </message>
    <message>
        <source>Back to the call, which is not encrypted</source>
        <translation>Wróć do rozmowy, która nie jest szyfrowana</translation>
    </message>
</context>
<context>
    <name>CallWords</name>
    <message>
        <source>You hung up</source>
        <translation>Rozmowa zakończona przez ciebie</translation>
    </message>
    <message>
        <source>The other person hung up</source>
        <translation>Druga osoba się rozłączyła</translation>
    </message>
    <message>
        <source>The other person&apos;s connection was lost</source>
        <translation>Utracono połączenie drugiej osoby</translation>
    </message>
    <message>
        <source>Your connection was lost</source>
        <translation>Utracono twoje połączenie</translation>
    </message>
    <message>
        <source>Nobody came</source>
        <translation>Nikt nie przyszedł</translation>
    </message>
    <message>
        <source>The code was wrong</source>
        <translation>Kod był błędny</translation>
    </message>
    <message>
        <source>Nobody waits under this code</source>
        <translation>Nikt nie czeka pod tym kodem</translation>
    </message>
    <message>
        <source>This code was used already</source>
        <translation>Ten kod został już użyty</translation>
    </message>
    <message>
        <source>There are two people in this call already</source>
        <translation>W tej rozmowie są już dwie osoby</translation>
    </message>
    <message>
        <source>The other program does not answer</source>
        <translation>Program drugiej osoby nie odpowiada</translation>
    </message>
    <message>
        <source>Too many tries</source>
        <translation>Zbyt wiele prób</translation>
    </message>
    <message>
        <source>The relay has no room</source>
        <translation>Na serwerze nie ma miejsca</translation>
    </message>
    <message>
        <source>The relay can&apos;t be reached</source>
        <translation>Serwer jest nieosiągalny</translation>
    </message>
    <message>
        <source>This is not the relay of the last time</source>
        <translation>To nie jest serwer z ostatniego razu</translation>
    </message>
    <message>
        <source>The two programs don&apos;t understand each other</source>
        <translation>Programy się nie rozumieją</translation>
    </message>
    <message>
        <source>Somebody on the way changed the call</source>
        <translation>Ktoś po drodze zmienił rozmowę</translation>
    </message>
    <message>
        <source>The call was over already</source>
        <translation>Rozmowa już się skończyła</translation>
    </message>
    <message>
        <source>The call could not go on</source>
        <translation>Rozmowa nie mogła trwać dalej</translation>
    </message>
    <message>
        <source>It did not come back within a minute.</source>
        <translation>Nie wróciło w ciągu minuty.</translation>
    </message>
    <message>
        <source>A code waits ten minutes. Start again for a new one.</source>
        <translation>Kod czeka dziesięć minut. Zacznij ponownie, aby dostać nowy.</translation>
    </message>
    <message>
        <source>A code has one try, so this one is gone. The person who waits needs to start a new call.</source>
        <translation>Kod ma jedną próbę i właśnie przepadł. Osoba, która czeka, musi zacząć nową rozmowę.</translation>
    </message>
    <message>
        <source>Look at the code again, or ask for a new one.</source>
        <translation>Sprawdź kod jeszcze raz albo poproś o nowy.</translation>
    </message>
    <message>
        <source>If it was not you, ask for a new code: somebody else has it.</source>
        <translation>Jeśli to nie ty, poproś o nowy kod: ma go ktoś inny.</translation>
    </message>
    <message>
        <source>Try again in a minute.</source>
        <translation>Spróbuj za minutę.</translation>
    </message>
    <message>
        <source>Is okno-relay running at %1?</source>
        <translation>Czy okno-relay działa pod adresem %1?</translation>
    </message>
    <message>
        <source>Its key is another one. Either the relay was set up anew, or somebody stands between. Ask the person who runs %1.</source>
        <translation>Ma inny klucz. Albo serwer postawiono na nowo, albo ktoś stoi pomiędzy. Zapytaj osobę, która prowadzi %1.</translation>
    </message>
    <message>
        <source>One of them needs an update.</source>
        <translation>Jeden z nich wymaga aktualizacji.</translation>
    </message>
    <message>
        <source>Nothing of it was shown or played.</source>
        <translation>Nic z tego nie pokazano ani nie odtworzono.</translation>
    </message>
    <message>
        <source>Poor network: what you send does not get through fast enough. Your picture was lowered to %1 lines.</source>
        <translation>Słaba sieć: to, co wysyłasz, nie dociera dość szybko. Twój obraz zmniejszono, linie: %1.</translation>
    </message>
    <message>
        <source>Poor network: what the other person sends does not get through.</source>
        <translation>Słaba sieć: to, co wysyła druga osoba, nie dociera.</translation>
    </message>
    <message>
        <source>The way to the other person is slow: wait a moment before you answer.</source>
        <translation>Droga do drugiej osoby jest wolna: odczekaj chwilę przed odpowiedzią.</translation>
    </message>
    <message>
        <source>Somebody on the way changes packets. They are thrown away.</source>
        <translation>Ktoś po drodze zmienia pakiety. Są odrzucane.</translation>
    </message>
    <message>
        <source>The other program sends far more than a call needs. What is too much is thrown away.</source>
        <translation>Program drugiej osoby wysyła znacznie więcej, niż potrzebuje rozmowa. Nadmiar jest odrzucany.</translation>
    </message>
    <message>
        <source>The other program sends pictures that this one can&apos;t show. One of the two needs an update.</source>
        <translation>Program drugiej osoby wysyła obrazy, których ten nie potrafi pokazać. Jeden z dwóch wymaga aktualizacji.</translation>
    </message>
    <message>
        <source>Trying the camera…</source>
        <translation>Sprawdzanie kamery…</translation>
    </message>
    <message>
        <source>There is no camera. The call works without one.</source>
        <translation>Nie ma kamery. Rozmowa działa bez niej.</translation>
    </message>
    <message>
        <source>Another program uses the camera.</source>
        <translation>Kamery używa inny program.</translation>
    </message>
    <message>
        <source>The camera may not be used: access is refused.</source>
        <translation>Nie można użyć kamery: odmowa dostępu.</translation>
    </message>
    <message>
        <source>The camera is gone. Is it still plugged in?</source>
        <translation>Kamera zniknęła. Czy jest jeszcze podłączona?</translation>
    </message>
    <message>
        <source>Your camera is off</source>
        <translation>Twoja kamera jest wyłączona</translation>
    </message>
    <message>
        <source>Trying the microphone…</source>
        <translation>Sprawdzanie mikrofonu…</translation>
    </message>
    <message>
        <source>There is no microphone. You can hear, but not speak.</source>
        <translation>Nie ma mikrofonu. Możesz słuchać, ale nie mówić.</translation>
    </message>
    <message>
        <source>Another program uses the microphone.</source>
        <translation>Mikrofonu używa inny program.</translation>
    </message>
    <message>
        <source>The microphone may not be used: access is refused.</source>
        <translation>Nie można użyć mikrofonu: odmowa dostępu.</translation>
    </message>
    <message>
        <source>The microphone is gone. Is it still plugged in?</source>
        <translation>Mikrofon zniknął. Czy jest jeszcze podłączony?</translation>
    </message>
    <message>
        <source>Trying the speaker…</source>
        <translation>Sprawdzanie głośnika…</translation>
    </message>
    <message>
        <source>There is no speaker. You can&apos;t hear the other person.</source>
        <translation>Nie ma głośnika. Nie słychać drugiej osoby.</translation>
    </message>
    <message>
        <source>Another program uses the speaker.</source>
        <translation>Głośnika używa inny program.</translation>
    </message>
    <message>
        <source>The speaker may not be used: access is refused.</source>
        <translation>Nie można użyć głośnika: odmowa dostępu.</translation>
    </message>
    <message>
        <source>The speaker is gone. Is it still plugged in?</source>
        <translation>Głośnik zniknął. Czy jest jeszcze podłączony?</translation>
    </message>
</context>
<context>
    <name>CatalogNotice</name>
    <message>
        <source>There is no catalogue at %1.</source>
        <translation>Pod adresem %1 nie ma katalogu.</translation>
    </message>
    <message>
        <source>The catalogue is slow to answer. Changes may take a while.</source>
        <translation>Katalog odpowiada powoli. Zmiany mogą chwilę potrwać.</translation>
    </message>
    <message>
        <source>The catalogue is gone. The products are as they were last known.</source>
        <translation>Katalog zniknął. Produkty są takie, jak były ostatnio znane.</translation>
    </message>
    <message>
        <source>The catalogue is back.</source>
        <translation>Katalog wrócił.</translation>
    </message>
    <message>
        <source>Connecting to %1…</source>
        <translation>Łączenie z %1…</translation>
    </message>
    <message>
        <source>Start one in a terminal; Okno finds it by itself:</source>
        <translation>Uruchom katalog w terminalu; Okno samo go znajdzie:</translation>
    </message>
    <message>
        <source>Command that starts a catalogue</source>
        <translation>Polecenie uruchamiające katalog</translation>
    </message>
    <message>
        <source>Try again now</source>
        <translation>Spróbuj teraz ponownie</translation>
    </message>
</context>
<context>
    <name>CatalogPanel</name>
    <message>
        <source>Products</source>
        <translation>Produkty</translation>
    </message>
    <message>
        <source>Add product</source>
        <translation>Dodaj produkt</translation>
    </message>
    <message>
        <source>Close products</source>
        <translation>Zamknij produkty</translation>
    </message>
    <message>
        <source>Search the products</source>
        <translation>Szukaj wśród produktów</translation>
    </message>
    <message>
        <source>The catalogue is empty. Add the first product.</source>
        <translation>Katalog jest pusty. Dodaj pierwszy produkt.</translation>
    </message>
    <message>
        <source>No product is called that.</source>
        <translation>Żaden produkt tak się nie nazywa.</translation>
    </message>
    <message>
        <source>There are more products than are listed here; search for them.</source>
        <translation>Produktów jest więcej, niż tu widać; wyszukaj pozostałe.</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Zapisywanie…</translation>
    </message>
    <message numerus="yes">
        <source>%n listed</source>
        <comment>products</comment>
        <translation>
            <numerusform>%n na liście</numerusform>
            <numerusform>%n na liście</numerusform>
            <numerusform>%n na liście</numerusform>
        </translation>
    </message>
    <message>
        <source>Drag one onto a picture to pin it</source>
        <translation>Przeciągnij produkt na obraz, aby go przypiąć</translation>
    </message>
</context>
<context>
    <name>Choice</name>
    <message>
        <source>%1: %2</source>
        <comment>setting: choice</comment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>ClassicWords</name>
    <message>
        <source>There is no connection to the server</source>
        <translation>Nie ma połączenia z serwerem</translation>
    </message>
    <message>
        <source>The other program sent what no original client sends</source>
        <translation>Drugi program przysłał coś, czego oryginalny nie wysyła</translation>
    </message>
    <message>
        <source>Or the server closed the connection: original clients don&apos;t tell which.</source>
        <translation>Albo to serwer zamknął połączenie: oryginalny program tego nie rozróżnia.</translation>
    </message>
    <message>
        <source>Calls with original clients are not resumed. Call again.</source>
        <translation>Rozmów z oryginalnym programem nie da się wznowić. Zadzwoń jeszcze raz.</translation>
    </message>
    <message>
        <source>Nobody came within ten minutes. Does the other person use the same server and session code?</source>
        <translation>Przez dziesięć minut nikt nie przyszedł. Czy druga osoba używa tego samego serwera i kodu sesji?</translation>
    </message>
    <message>
        <source>Neither sound nor picture came for 20 seconds.</source>
        <translation>Przez 20 sekund nie było ani dźwięku, ani obrazu.</translation>
    </message>
    <message>
        <source>Does the original server, or okno-relay --classic, run at %1, with these two ports? If you hung up there a moment ago, try once more.</source>
        <translation>Czy pod adresem %1 działa oryginalny serwer albo okno-relay --classic, z tymi dwoma portami? Jeśli przed chwilą zakończono tam rozmowę, spróbuj jeszcze raz.</translation>
    </message>
    <message>
        <source>Nothing of it was executed or shown.</source>
        <translation>Nic z tego nie zostało wykonane ani pokazane.</translation>
    </message>
</context>
<context>
    <name>CodeBlock</name>
    <message>
        <source>Copied</source>
        <translation>Skopiowano</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopiuj</translation>
    </message>
    <message>
        <source>Copy %1</source>
        <comment>the named code</comment>
        <translation>Kopiuj: %1</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>Polecenia</translation>
    </message>
    <message>
        <source>What would you like to do?</source>
        <translation>Co chcesz zrobić?</translation>
    </message>
    <message>
        <source>Nothing is called that.</source>
        <translation>Nic takiego nie ma.</translation>
    </message>
</context>
<context>
    <name>DesignerRows</name>
    <message>
        <source>The files are in %1. Start Okno with --qml-dir %1</source>
        <translation>Pliki są w %1. Uruchom Okno z --qml-dir %1</translation>
    </message>
    <message>
        <source>Not written: %1</source>
        <translation>Nie zapisano: %1</translation>
    </message>
    <message>
        <source>Interface</source>
        <translation>Interfejs</translation>
    </message>
    <message>
        <source>A pack is a program: use those of people you trust.</source>
        <translation>Pakiet to program: używaj tylko pakietów od zaufanych osób.</translation>
    </message>
    <message>
        <source>Okno was started without packs.</source>
        <translation>Okno uruchomiono bez pakietów.</translation>
    </message>
    <message>
        <source>Use the interface %1</source>
        <translation>Użyj interfejsu %1</translation>
    </message>
    <message>
        <source>As shipped</source>
        <translation>Domyślny</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>pack: what is wrong with it</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Packs</source>
        <translation>Pakiety</translation>
    </message>
    <message>
        <source>A folder for each, with a pack.json. New ones are found at once.</source>
        <translation>Każdy ma folder z plikiem pack.json. Nowe są znajdowane od razu.</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Otwórz folder</translation>
    </message>
    <message>
        <source>Open the folder of packs</source>
        <translation>Otwórz folder pakietów</translation>
    </message>
    <message>
        <source>Files being edited</source>
        <translation>Edytowane pliki</translation>
    </message>
    <message>
        <source>None. Start Okno with --qml-dir DIR to see each change as you save it.</source>
        <translation>Brak. Uruchom Okno z --qml-dir FOLDER, aby widzieć każdą zapisaną zmianę.</translation>
    </message>
    <message>
        <source>Reload</source>
        <translation>Wczytaj ponownie</translation>
    </message>
    <message>
        <source>Load the interface anew</source>
        <translation>Wczytaj interfejs od nowa</translation>
    </message>
    <message>
        <source>The interface&apos;s own files</source>
        <translation>Pliki interfejsu</translation>
    </message>
    <message>
        <source>A copy to change, with everything to see it without Okno.</source>
        <translation>Kopia do zmieniania, ze wszystkim, co pozwala obejrzeć ją bez Okna.</translation>
    </message>
    <message>
        <source>Export QML</source>
        <translation>Eksportuj QML</translation>
    </message>
</context>
<context>
    <name>DragLabel</name>
    <message>
        <source>%1: pin to %2</source>
        <comment>product, stream</comment>
        <translation>%1: przypnij do %2</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message>
        <source>Pictures, videos, and addresses that begin with http:// or https:// can be opened.</source>
        <translation>Można otworzyć obrazy, filmy i adresy zaczynające się od http:// lub https://.</translation>
    </message>
    <message>
        <source>Drop a picture, a video or an address to add it as a source</source>
        <translation>Upuść obraz, film lub adres, aby dodać źródło</translation>
    </message>
</context>
<context>
    <name>ErrorOverlay</name>
    <message>
        <source>Copy the error</source>
        <translation>Kopiuj błąd</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Zamknij</translation>
    </message>
    <message>
        <source>Open in editor</source>
        <translation>Otwórz w edytorze</translation>
    </message>
</context>
<context>
    <name>Filmstrip</name>
    <message>
        <source>Other streams</source>
        <translation>Inne strumienie</translation>
    </message>
    <message>
        <source>Show %1</source>
        <translation>Pokaż %1</translation>
    </message>
</context>
<context>
    <name>FirstFrameGuide</name>
    <message>
        <source>Waiting for the first frame</source>
        <translation>Oczekiwanie na pierwszą klatkę</translation>
    </message>
    <message>
        <source>Listening on %1</source>
        <translation>Nasłuchuje na %1</translation>
    </message>
    <message>
        <source> and </source>
        <translation> i </translation>
    </message>
    <message>
        <source>Not listening</source>
        <translation>Porty zamknięte</translation>
    </message>
    <message>
        <source>Send frames from your program:</source>
        <translation>Wyślij klatki ze swojego programu:</translation>
    </message>
    <message>
        <source>Python</source>
        <translation>Python</translation>
    </message>
    <message>
        <source>C++</source>
        <translation>C++</translation>
    </message>
    <message>
        <source>Command line</source>
        <translation>Wiersz poleceń</translation>
    </message>
    <message>
        <source>Show a test pattern</source>
        <translation>Pokaż obraz testowy</translation>
    </message>
    <message>
        <source>Add source…</source>
        <translation>Dodaj źródło…</translation>
    </message>
    <message>
        <source>Python code</source>
        <translation>Kod w Pythonie</translation>
    </message>
    <message>
        <source>C++ code</source>
        <translation>Kod w C++</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Polecenie</translation>
    </message>
    <message>
        <source>Nothing has come yet. From another computer, Okno has to be started with --listen 0.0.0.0:%1, and a firewall must let port %1 through.</source>
        <translation>Nic jeszcze nie przyszło. Dla innego komputera uruchom Okno z --listen 0.0.0.0:%1 i otwórz port %1 w zaporze.</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Polecenia</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Skróty klawiszowe</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ustawienia</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Rozmowa</translation>
    </message>
</context>
<context>
    <name>FocusPage</name>
    <message>
        <source>Picture of %1</source>
        <translation>Obraz: %1</translation>
    </message>
    <message>
        <source>%1 × %2  %3 fps</source>
        <translation>%1 × %2  %3 kl./s</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Back to the wall</source>
        <translation>Wróć do ściany</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Wznów</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Wstrzymaj</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>Zdjęcie</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>Kopiuj obraz</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>Zakończ nagrywanie</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Nagrywaj</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Dopasuj</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>Wypełnij</translation>
    </message>
    <message>
        <source>Actual size, 1:1</source>
        <translation>Rzeczywisty rozmiar, 1:1</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Pomniejsz</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Powiększ</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>Odbij</translation>
    </message>
    <message>
        <source>Pixel values</source>
        <translation>Wartości pikseli</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Statystyki</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ustawienia</translation>
    </message>
    <message>
        <source>Leave full screen</source>
        <translation>Zamknij pełny ekran</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Pełny ekran</translation>
    </message>
    <message>
        <source>Products</source>
        <translation>Produkty</translation>
    </message>
    <message>
        <source>Other streams</source>
        <translation>Inne strumienie</translation>
    </message>
</context>
<context>
    <name>IconButton</name>
    <message>
        <source>%1 (%2)</source>
        <comment>action (keys)</comment>
        <translation>%1 (%2)</translation>
    </message>
</context>
<context>
    <name>InCall</name>
    <message>
        <source>The other person</source>
        <translation>Druga osoba</translation>
    </message>
    <message>
        <source>Call with %1</source>
        <translation>Rozmowa: %1</translation>
    </message>
    <message>
        <source>Picture of %1</source>
        <translation>Obraz: %1</translation>
    </message>
    <message>
        <source>%1&apos;s camera is off</source>
        <translation>%1: kamera wyłączona</translation>
    </message>
    <message>
        <source>No picture from %1 yet</source>
        <translation>%1: jeszcze nie ma obrazu</translation>
    </message>
    <message>
        <source>Reconnecting… %1 s. Nothing is heard on either side until it is back.</source>
        <translation>Wznawianie połączenia… %1 s. Do tego czasu żadna strona nic nie słyszy.</translation>
    </message>
    <message>
        <source>The safety codes differ: somebody may stand between you. Say nothing that is not for everybody.</source>
        <translation>Kody bezpieczeństwa się różnią: ktoś może stać między wami. Nie mów nic poufnego.</translation>
    </message>
    <message>
        <source>Hang up</source>
        <translation>Rozłącz</translation>
    </message>
    <message>
        <source>You are muted (%1).</source>
        <translation>Mikrofon wyciszony (%1).</translation>
    </message>
    <message>
        <source>You are muted.</source>
        <translation>Mikrofon wyciszony.</translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>Włącz mikrofon</translation>
    </message>
    <message>
        <source>Not encrypted</source>
        <translation>Nieszyfrowane</translation>
    </message>
    <message>
        <source>%1 is muted</source>
        <translation>%1: mikrofon wyciszony</translation>
    </message>
    <message>
        <source>Talking</source>
        <translation>Mówisz</translation>
    </message>
    <message>
        <source>Encrypted, verified</source>
        <translation>Szyfrowane, sprawdzone</translation>
    </message>
    <message>
        <source>Not the same code</source>
        <translation>Różne kody</translation>
    </message>
    <message>
        <source>Encrypted</source>
        <translation>Szyfrowane</translation>
    </message>
</context>
<context>
    <name>KeepRows</name>
    <message>
        <source>Off</source>
        <translation>Wył.</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>Folder for snapshots</source>
        <translation>Folder migawek</translation>
    </message>
    <message>
        <source>Folder for recordings</source>
        <translation>Folder nagrań</translation>
    </message>
    <message>
        <source>Recordings begin earlier</source>
        <translation>Nagranie zaczyna się wcześniej</translation>
    </message>
    <message>
        <source>With what was shown before the key was pressed.</source>
        <translation>Od tego, co było widać przed naciśnięciem klawisza.</translation>
    </message>
    <message>
        <source>Kept for replay</source>
        <translation>Przechowywane do powtórki</translation>
    </message>
    <message>
        <source>Of each stream, in memory.</source>
        <translation>Dla każdego strumienia, w pamięci.</translation>
    </message>
    <message>
        <source>Of streams of this computer, too</source>
        <translation>Także strumieni z tego komputera</translation>
    </message>
    <message>
        <source>Otherwise they come uncompressed, which costs less, and nothing of them is kept before you ask for it.</source>
        <translation>W przeciwnym razie przychodzą nieskompresowane, co kosztuje mniej, i nic z nich nie jest przechowywane, dopóki o to nie poprosisz.</translation>
    </message>
    <message>
        <source>Keep the last seconds of streams of this computer, too</source>
        <translation>Przechowuj ostatnie sekundy także strumieni z tego komputera</translation>
    </message>
</context>
<context>
    <name>Keeping</name>
    <message>
        <source>Saved %1</source>
        <translation>Zapisano %1</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Otwórz folder</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Skopiowano</translation>
    </message>
    <message>
        <source>The recording has ended: %1</source>
        <translation>Nagranie się skończyło: %1</translation>
    </message>
    <message>
        <source>Not saved: %1</source>
        <translation>Nie zapisano: %1</translation>
    </message>
    <message>
        <source>%1 can&apos;t be opened: %2</source>
        <translation>Nie można otworzyć %1: %2</translation>
    </message>
</context>
<context>
    <name>KeyRows</name>
    <message>
        <source>%1 is taken by “%2”.</source>
        <translation>%1 jest już zajęty przez „%2”.</translation>
    </message>
    <message>
        <source>Press the new key, or Esc.</source>
        <translation>Naciśnij nowy klawisz lub Esc.</translation>
    </message>
    <message>
        <source>…</source>
        <translation>…</translation>
    </message>
    <message>
        <source>none</source>
        <translation>brak</translation>
    </message>
    <message>
        <source>Keys for %1: %2</source>
        <translation>Klawisze, %1: %2</translation>
    </message>
</context>
<context>
    <name>LevelMeter</name>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>Okno</source>
        <translation>Okno</translation>
    </message>
    <message>
        <source>The interface could not be created; the log says why.</source>
        <translation>Nie udało się utworzyć interfejsu; powód jest w dzienniku.</translation>
    </message>
    <message>
        <source>There is an error in the interface&apos;s files; the last good one stays.</source>
        <translation>W plikach interfejsu jest błąd; zostaje ostatni poprawny.</translation>
    </message>
    <message>
        <source>A pack was disabled.</source>
        <translation>Pakiet został wyłączony.</translation>
    </message>
</context>
<context>
    <name>NoPast</name>
    <message>
        <source>Nothing to go back to: this stream comes uncompressed.</source>
        <translation>Nie ma do czego wracać: ten strumień przychodzi nieskompresowany.</translation>
    </message>
    <message>
        <source>Nothing to go back to: nothing is kept for replay.</source>
        <translation>Nie ma do czego wracać: nic nie jest przechowywane do powtórki.</translation>
    </message>
    <message>
        <source>Keep it from now on</source>
        <translation>Przechowuj od teraz</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ustawienia</translation>
    </message>
</context>
<context>
    <name>PackThemes</name>
    <message>
        <source>A theme by %1</source>
        <translation>Motyw, autor: %1</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>W użyciu</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Użyj</translation>
    </message>
    <message>
        <source>Use the theme %1</source>
        <translation>Użyj motywu %1</translation>
    </message>
</context>
<context>
    <name>Past</name>
    <message>
        <source>Nothing is kept for replay: that was chosen in the settings.</source>
        <translation>Nic nie jest przechowywane do powtórki: tak wybrano w ustawieniach.</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ustawienia</translation>
    </message>
    <message>
        <source>Replay begins now: %1 came uncompressed, and nothing of it was kept.</source>
        <translation>Powtórka zaczyna się teraz: %1 przychodził nieskompresowany i nic z niego nie przechowano.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Cofnij</translation>
    </message>
    <message>
        <source>Nothing of %1 is kept any more.</source>
        <translation>Nic z %1 nie jest już przechowywane.</translation>
    </message>
    <message>
        <source>The last seconds of %1 are kept.</source>
        <translation>Ostatnie sekundy %1 są przechowywane.</translation>
    </message>
</context>
<context>
    <name>Picker</name>
    <message>
        <source>System default</source>
        <translation>Domyślne systemowe</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>setting: choice</comment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>PinMenu</name>
    <message>
        <source>Pin %1</source>
        <translation>Przypnij %1</translation>
    </message>
    <message>
        <source>Unpin from %1</source>
        <translation>Odepnij od %1</translation>
    </message>
    <message>
        <source>Pin to %1</source>
        <translation>Przypnij do %1</translation>
    </message>
    <message>
        <source>There is no stream to pin it to</source>
        <translation>Nie ma strumienia, do którego można przypiąć</translation>
    </message>
</context>
<context>
    <name>PixelInspector</name>
    <message>
        <source>(%1, %2)</source>
        <translation>(%1, %2)</translation>
    </message>
    <message>
        <source>(%1, %2)  R %3  G %4  B %5</source>
        <translation>(%1, %2)  R %3  G %4  B %5</translation>
    </message>
</context>
<context>
    <name>PortProblems</name>
    <message>
        <source>Use another port</source>
        <translation>Użyj innego portu</translation>
    </message>
</context>
<context>
    <name>PortRows</name>
    <message>
        <source>Listening</source>
        <translation>Otwarty</translation>
    </message>
    <message>
        <source>Use another port</source>
        <translation>Użyj innego portu</translation>
    </message>
    <message>
        <source>Another port</source>
        <translation>Inny port</translation>
    </message>
    <message>
        <source>From this computer only. For others, start Okno with --listen 0.0.0.0:PORT.</source>
        <translation>Tylko z tego komputera. Dla innych uruchom Okno z --listen 0.0.0.0:PORT.</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>Port to listen on</source>
        <translation>Port do nasłuchu</translation>
    </message>
    <message>
        <source>Listen</source>
        <translation>Nasłuchuj</translation>
    </message>
</context>
<context>
    <name>PreJoin</name>
    <message>
        <source>The camera works</source>
        <translation>Kamera działa</translation>
    </message>
    <message>
        <source>The microphone works</source>
        <translation>Mikrofon działa</translation>
    </message>
    <message>
        <source>The speaker works</source>
        <translation>Głośnik działa</translation>
    </message>
    <message>
        <source>The relay answers at %1</source>
        <translation>Serwer odpowiada: %1</translation>
    </message>
    <message>
        <source>No relay answers at %1</source>
        <translation>Serwer nie odpowiada: %1</translation>
    </message>
    <message>
        <source>Before you call %1</source>
        <translation>Przed rozmową: %1</translation>
    </message>
    <message>
        <source>Before you join %1</source>
        <translation>Przed dołączeniem: %1</translation>
    </message>
    <message>
        <source>Before you start</source>
        <translation>Przed rozpoczęciem</translation>
    </message>
    <message>
        <source>No camera</source>
        <translation>Brak kamery</translation>
    </message>
    <message>
        <source>Microphone level</source>
        <translation>Poziom mikrofonu</translation>
    </message>
    <message>
        <source>Join</source>
        <translation>Dołącz</translation>
    </message>
    <message>
        <source>Start the call</source>
        <translation>Zacznij rozmowę</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Wstecz</translation>
    </message>
    <message>
        <source>Your picture, mirrored</source>
        <translation>Twój obraz, jak w lustrze</translation>
    </message>
    <message>
        <source>Muted</source>
        <translation>Mikrofon wyciszony</translation>
    </message>
    <message>
        <source>Microphone on</source>
        <translation>Mikrofon włączony</translation>
    </message>
    <message>
        <source>Unmute</source>
        <translation>Włącz mikrofon</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>Wycisz mikrofon</translation>
    </message>
    <message>
        <source>Camera on</source>
        <translation>Kamera włączona</translation>
    </message>
    <message>
        <source>Camera off</source>
        <translation>Kamera wyłączona</translation>
    </message>
    <message>
        <source>Turn the camera off</source>
        <translation>Wyłącz kamerę</translation>
    </message>
    <message>
        <source>Turn the camera on</source>
        <translation>Włącz kamerę</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Mikrofon</translation>
    </message>
    <message>
        <source>No microphone</source>
        <translation>Brak mikrofonu</translation>
    </message>
    <message>
        <source>Speaker</source>
        <translation>Głośnik</translation>
    </message>
    <message>
        <source>No speaker</source>
        <translation>Brak głośnika</translation>
    </message>
    <message>
        <source>Test the speaker</source>
        <translation>Sprawdź głośnik</translation>
    </message>
    <message>
        <source>Speak now…</source>
        <translation>Mów teraz…</translation>
    </message>
    <message>
        <source>This is how you sound…</source>
        <translation>Tak brzmisz…</translation>
    </message>
    <message>
        <source>Record 5 s and play it back</source>
        <translation>Nagraj 5 s i odtwórz</translation>
    </message>
    <message>
        <source>The server answers at %1</source>
        <translation>Serwer odpowiada: %1</translation>
    </message>
    <message>
        <source>No server answers at %1</source>
        <translation>Serwer nie odpowiada: %1</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Połącz</translation>
    </message>
</context>
<context>
    <name>ProductCards</name>
    <message>
        <source>Products at %1</source>
        <translation>Produkty przy %1</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>product, price</comment>
        <translation>%1, %2</translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <comment>products</comment>
        <translation>
            <numerusform>jeszcze %n</numerusform>
            <numerusform>jeszcze %n</numerusform>
            <numerusform>jeszcze %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pinned</source>
        <comment>products</comment>
        <translation>
            <numerusform>przypięte: %n</numerusform>
            <numerusform>przypięte: %n</numerusform>
            <numerusform>przypięte: %n</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ProductEditor</name>
    <message>
        <source>New product</source>
        <translation>Nowy produkt</translation>
    </message>
    <message>
        <source>Edit product</source>
        <translation>Edytuj produkt</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nazwa</translation>
    </message>
    <message>
        <source>Name of the product</source>
        <translation>Nazwa produktu</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>Cena</translation>
    </message>
    <message>
        <source>Price of the product</source>
        <translation>Cena produktu</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Opis</translation>
    </message>
    <message>
        <source>Description of the product</source>
        <translation>Opis produktu</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Anuluj</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Zapisywanie…</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Dodaj</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Zapisz</translation>
    </message>
</context>
<context>
    <name>ProductRow</name>
    <message>
        <source>%1, %2</source>
        <comment>product, price</comment>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>Pinned to %1</source>
        <translation>Przypięty do %1</translation>
    </message>
    <message>
        <source>%1 · pinned to %2</source>
        <comment>price, streams</comment>
        <translation>%1 · przypięty do %2</translation>
    </message>
    <message>
        <source>Pin %1 to a stream</source>
        <translation>Przypnij %1 do strumienia</translation>
    </message>
    <message>
        <source>Menu</source>
        <comment>key</comment>
        <translation>Menu</translation>
    </message>
    <message>
        <source>Edit %1</source>
        <translation>Edytuj %1</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Delete %1</source>
        <translation>Usuń %1</translation>
    </message>
    <message>
        <source>Del</source>
        <translation>Del</translation>
    </message>
</context>
<context>
    <name>RecordingPill</name>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>zostało %1</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Nagrywanie</translation>
    </message>
    <message>
        <source>%1 MB</source>
        <translation>%1 MB</translation>
    </message>
    <message>
        <source>%1 GB</source>
        <translation>%1 GB</translation>
    </message>
</context>
<context>
    <name>ReplayBar</name>
    <message>
        <source>Five seconds back</source>
        <translation>Pięć sekund wstecz</translation>
    </message>
    <message>
        <source>Place in the last seconds</source>
        <translation>Miejsce w ostatnich sekundach</translation>
    </message>
    <message>
        <source>Five seconds forward</source>
        <translation>Pięć sekund naprzód</translation>
    </message>
    <message>
        <source>To the present</source>
        <translation>Do teraźniejszości</translation>
    </message>
</context>
<context>
    <name>SafetyCode</name>
    <message>
        <source>Safety code</source>
        <translation>Kod bezpieczeństwa</translation>
    </message>
    <message>
        <source>The same on both screens?</source>
        <translation>To samo na obu ekranach?</translation>
    </message>
    <message>
        <source>Read it to each other. If it is the same, nobody stands between you.</source>
        <translation>Przeczytajcie go sobie. Jeśli jest taki sam, nikt nie stoi między wami.</translation>
    </message>
    <message>
        <source>Verified</source>
        <translation>Sprawdzone</translation>
    </message>
    <message>
        <source>Not the same</source>
        <translation>Różni się</translation>
    </message>
    <message>
        <source>Not verified yet</source>
        <translation>Jeszcze nie sprawdzone</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Tak</translation>
    </message>
    <message>
        <source>Yes, it is the same</source>
        <translation>Tak, to samo</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>No, it is different</source>
        <translation>Nie, różni się</translation>
    </message>
    <message>
        <source>Close the safety code</source>
        <translation>Zamknij kod bezpieczeństwa</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
</context>
<context>
    <name>SaveAsSheet</name>
    <message>
        <source>Save the picture</source>
        <translation>Zapisz obraz</translation>
    </message>
    <message>
        <source>The picture that was on the screen, as the sender&apos;s own JPEG.</source>
        <translation>Obraz, który był na ekranie, jako własny JPEG nadawcy.</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Plik</translation>
    </message>
    <message>
        <source>Not saved: %1</source>
        <translation>Nie zapisano: %1</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Anuluj</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Zapisz</translation>
    </message>
</context>
<context>
    <name>SelfView</name>
    <message>
        <source>Your picture, mirrored</source>
        <translation>Twój obraz, jak w lustrze</translation>
    </message>
    <message>
        <source>Ctrl+Alt and an arrow moves it, + and - change its size, Enter tucks it away.</source>
        <translation>Ctrl+Alt i strzałka przesuwa go, + i - zmieniają rozmiar, Enter chowa go przy krawędzi.</translation>
    </message>
    <message>
        <source>No picture yet</source>
        <translation>Jeszcze nie ma obrazu</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Appearance</source>
        <translation>Wygląd</translation>
    </message>
    <message>
        <source>Viewer</source>
        <translation>Podgląd</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Sieć</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Klawisze</translation>
    </message>
    <message>
        <source>About</source>
        <translation>O programie</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ustawienia</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Działy</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Motyw</translation>
    </message>
    <message>
        <source>Size of the interface</source>
        <translation>Rozmiar interfejsu</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Rozmiar</translation>
    </message>
    <message>
        <source>Small</source>
        <translation>Mały</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>Zwykły</translation>
    </message>
    <message>
        <source>Large</source>
        <translation>Duży</translation>
    </message>
    <message>
        <source>Huge</source>
        <translation>Ogromny</translation>
    </message>
    <message>
        <source>Fewer movements</source>
        <translation>Mniej ruchu</translation>
    </message>
    <message>
        <source>Nothing slides or fades.</source>
        <translation>Nic się nie przesuwa ani nie znika.</translation>
    </message>
    <message>
        <source>Names and figures stay on</source>
        <translation>Nazwy i liczby zawsze widoczne</translation>
    </message>
    <message>
        <source>Otherwise figures show under the pointer only.</source>
        <translation>Inaczej liczby widać tylko pod wskaźnikiem.</translation>
    </message>
    <message>
        <source>Fill the tiles</source>
        <translation>Wypełniaj kafelki</translation>
    </message>
    <message>
        <source>Cuts the ends of pictures of another shape.</source>
        <translation>Ucina brzegi obrazów o innym kształcie.</translation>
    </message>
    <message>
        <source>Window fits the first picture</source>
        <translation>Okno dopasowane do pierwszego obrazu</translation>
    </message>
    <message>
        <source>As large as the picture, as far as the screen allows.</source>
        <translation>Tak duże jak obraz, o ile pozwala ekran.</translation>
    </message>
    <message>
        <source>Tell when streams come and go</source>
        <translation>Powiadamiaj, gdy strumienie przychodzą i odchodzą</translation>
    </message>
    <message>
        <source>Single keys</source>
        <translation>Pojedyncze klawisze</translation>
    </message>
    <message>
        <source>Keys without Ctrl or Alt, such as F or Space.</source>
        <translation>Klawisze bez Ctrl i Alt, na przykład F lub spacja.</translation>
    </message>
    <message>
        <source>Okno %1</source>
        <translation>Okno %1</translation>
    </message>
    <message>
        <source>Shows live camera frames from OpenCV programs anywhere on the network.</source>
        <translation>Pokazuje na żywo klatki z kamer z programów OpenCV w sieci.</translation>
    </message>
    <message>
        <source>Drawn with: %1</source>
        <translation>Rysowanie: %1</translation>
    </message>
    <message>
        <source>Fonts: Inter and JetBrains Mono (SIL Open Font License). Icons: Lucide (ISC and MIT).</source>
        <translation>Czcionki: Inter i JetBrains Mono (SIL Open Font License). Ikony: Lucide (ISC i MIT).</translation>
    </message>
    <message>
        <source>Designer</source>
        <translation>Dla projektanta</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Zapis</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Szukaj</translation>
    </message>
    <message>
        <source>Search the settings</source>
        <translation>Szukaj w ustawieniach</translation>
    </message>
    <message>
        <source>No setting is called that.</source>
        <translation>Nie ma takiego ustawienia.</translation>
    </message>
    <message>
        <source>Colour of accents</source>
        <translation>Kolor akcentów</translation>
    </message>
    <message>
        <source>Accents</source>
        <translation>Akcenty</translation>
    </message>
    <message>
        <source>As in the theme</source>
        <translation>Jak w motywie</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>Zielony</translation>
    </message>
    <message>
        <source>Amber</source>
        <translation>Bursztynowy</translation>
    </message>
    <message>
        <source>Pink</source>
        <translation>Różowy</translation>
    </message>
    <message>
        <source>Violet</source>
        <translation>Fioletowy</translation>
    </message>
</context>
<context>
    <name>SettingsRow</name>
    <message>
        <source>Reset %1</source>
        <translation>Przywróć: %1</translation>
    </message>
</context>
<context>
    <name>Sheet</name>
    <message>
        <source>Close</source>
        <translation>Zamknij</translation>
    </message>
    <message>
        <source>Esc</source>
        <translation>Esc</translation>
    </message>
</context>
<context>
    <name>Shell</name>
    <message>
        <source>%1 is the key of two actions; change one in Settings, Keys.</source>
        <translation>%1 należy do dwóch czynności; zmień jeden w Ustawieniach, Klawisze.</translation>
    </message>
    <message>
        <source>%1 connected</source>
        <translation>Połączono: %1</translation>
    </message>
    <message>
        <source>%1 has left</source>
        <translation>%1: połączenie zakończone</translation>
    </message>
    <message>
        <source>%1 has left: %2</source>
        <translation>%1: połączenie zakończone (%2)</translation>
    </message>
    <message>
        <source>Deleted %1</source>
        <translation>Usunięto: %1</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Cofnij</translation>
    </message>
    <message>
        <source>Removed %1</source>
        <translation>Usunięto %1</translation>
    </message>
</context>
<context>
    <name>ShortcutsSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Skróty klawiszowe</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>action: keys</comment>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>StatsOverlay</name>
    <message>
        <source>Statistics</source>
        <translation>Statystyki</translation>
    </message>
    <message>
        <source>No streams</source>
        <translation>Brak strumieni</translation>
    </message>
    <message>
        <source>%1 has stopped sending</source>
        <translation>%1: klatki przestały przychodzić</translation>
    </message>
    <message>
        <source>Broken frames from %1</source>
        <translation>Uszkodzone klatki: %1</translation>
    </message>
    <message>
        <source>Limited by this machine: %1 % of %2 dropped</source>
        <translation>Ogranicza ten komputer: pominięto %1 % (%2)</translation>
    </message>
    <message>
        <source>Limited by the processor: %1 is %2 ms late</source>
        <translation>Ogranicza procesor: %1 spóźnia się o %2 ms</translation>
    </message>
    <message>
        <source>Limited by the way here: %1 is %2 ms late</source>
        <translation>Ogranicza droga: %1 spóźnia się o %2 ms</translation>
    </message>
    <message numerus="yes">
        <source>All is well: %n live</source>
        <translation>
            <numerusform>Wszystko dobrze: %n na żywo</numerusform>
            <numerusform>Wszystko dobrze: %n na żywo</numerusform>
            <numerusform>Wszystko dobrze: %n na żywo</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 / %2 / %3 ms</source>
        <translation>%1 / %2 / %3 ms</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>nieznane</translation>
    </message>
    <message>
        <source>Copy as JSON</source>
        <translation>Kopiuj jako JSON</translation>
    </message>
    <message>
        <source>Close statistics</source>
        <translation>Zamknij statystyki</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>%1, %2 × %3</source>
        <translation>%1, %2 × %3</translation>
    </message>
    <message>
        <source>Received / decoded / shown</source>
        <translation>Odebrane / zdekodowane / pokazane</translation>
    </message>
    <message>
        <source>%1 / %2 / %3</source>
        <translation>%1 / %2 / %3</translation>
    </message>
    <message>
        <source>Dropped / invalid</source>
        <translation>Pominięte / uszkodzone</translation>
    </message>
    <message>
        <source>%1 / %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Latency p50 / p95 / max</source>
        <translation>Opóźnienie p50 / p95 / maks.</translation>
    </message>
    <message>
        <source>CPU %1 % of a core, memory %2 MB, renderer %3</source>
        <translation>Procesor %1 % rdzenia, pamięć %2 MB, rysowanie %3</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>stage, milliseconds</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>sum %1 ms</source>
        <translation>razem %1 ms</translation>
    </message>
    <message>
        <source>capture</source>
        <translation>przechwycenie</translation>
    </message>
    <message>
        <source>encode</source>
        <translation>kodowanie</translation>
    </message>
    <message>
        <source>network</source>
        <translation>sieć</translation>
    </message>
    <message>
        <source>queue</source>
        <translation>kolejka</translation>
    </message>
    <message>
        <source>decode</source>
        <translation>dekodowanie</translation>
    </message>
    <message>
        <source>present</source>
        <translation>wyświetlenie</translation>
    </message>
    <message>
        <source>none: in memory, uncompressed</source>
        <translation>brak: w pamięci, bez kompresji</translation>
    </message>
    <message>
        <source>%1 Mbit/s</source>
        <translation>%1 Mb/s</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>what is counted: its value</comment>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Bitrate</source>
        <translation>Przepływność</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>Kopiuj jako tekst</translation>
    </message>
</context>
<context>
    <name>StreamList</name>
    <message numerus="yes">
        <source>%n paused</source>
        <translation>
            <numerusform>%n wstrzymany</numerusform>
            <numerusform>%n wstrzymane</numerusform>
            <numerusform>%n wstrzymanych</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n live</source>
        <translation>
            <numerusform>%n na żywo</numerusform>
            <numerusform>%n na żywo</numerusform>
            <numerusform>%n na żywo</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n stalled</source>
        <translation>
            <numerusform>%n bez klatek</numerusform>
            <numerusform>%n bez klatek</numerusform>
            <numerusform>%n bez klatek</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n offline</source>
        <translation>
            <numerusform>%n nieobecny</numerusform>
            <numerusform>%n nieobecne</numerusform>
            <numerusform>%n nieobecnych</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StreamMenu</name>
    <message>
        <source>Stream %1</source>
        <translation>Strumień %1</translation>
    </message>
    <message>
        <source>Back to the wall</source>
        <translation>Wróć do ściany</translation>
    </message>
    <message>
        <source>Large picture</source>
        <translation>Duży obraz</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>Pause, or go on</source>
        <translation>Wstrzymaj lub wznów</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>Zdjęcie</translation>
    </message>
    <message>
        <source>Stop recording</source>
        <translation>Zakończ nagrywanie</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Nagrywaj</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Statystyki</translation>
    </message>
    <message>
        <source>Remove the stream</source>
        <translation>Usuń strumień</translation>
    </message>
    <message>
        <source>Pin a product…</source>
        <translation>Przypnij produkt…</translation>
    </message>
</context>
<context>
    <name>StreamStatus</name>
    <message>
        <source>Offline for %1</source>
        <translation>Nieobecny od %1</translation>
    </message>
    <message>
        <source>No frames for %1</source>
        <translation>Brak klatek od %1</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Wstrzymano</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>Łączenie</translation>
    </message>
    <message>
        <source>Updated %1 ago</source>
        <translation>Odświeżono %1 temu</translation>
    </message>
    <message>
        <source>Slow</source>
        <translation>Wolno</translation>
    </message>
    <message>
        <source>Live</source>
        <translation>Na żywo</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 min</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 godz.</translation>
    </message>
    <message numerus="yes">
        <source>Paused · %n new</source>
        <translation>
            <numerusform>Pauza · %n nowa</numerusform>
            <numerusform>Pauza · %n nowe</numerusform>
            <numerusform>Pauza · %n nowych</numerusform>
        </translation>
    </message>
    <message>
        <source>Replay %1</source>
        <translation>Powtórka %1</translation>
    </message>
</context>
<context>
    <name>Theme</name>
    <message>
        <source>Dark</source>
        <translation>Ciemny</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Jasny</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>Kontrastowy</translation>
    </message>
</context>
<context>
    <name>Waiting</name>
    <message>
        <source>Connecting to %1…</source>
        <translation>Łączenie z %1…</translation>
    </message>
    <message>
        <source>Agreeing on keys…</source>
        <translation>Uzgadnianie kluczy…</translation>
    </message>
    <message>
        <source>Waiting for the other person…</source>
        <translation>Oczekiwanie na drugą osobę…</translation>
    </message>
    <message>
        <source>The other person needs the same session code.</source>
        <translation>Druga osoba potrzebuje tego samego kodu sesji.</translation>
    </message>
    <message>
        <source>Give them this code. It works once, for one person, for ten minutes.</source>
        <translation>Przekaż ten kod. Działa raz, dla jednej osoby, przez dziesięć minut.</translation>
    </message>
    <message>
        <source>Both ends are proving to each other that they know the code.</source>
        <translation>Obie strony dowodzą sobie, że znają kod.</translation>
    </message>
    <message>
        <source>QR code of the link</source>
        <translation>Kod QR odnośnika</translation>
    </message>
    <message>
        <source>or let them scan this:</source>
        <translation>albo daj do zeskanowania:</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Anuluj</translation>
    </message>
    <message>
        <source>Your picture, mirrored</source>
        <translation>Twój obraz, jak w lustrze</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Skopiowano</translation>
    </message>
    <message>
        <source>Copy the code</source>
        <translation>Kopiuj kod</translation>
    </message>
    <message>
        <source>Copy the link</source>
        <translation>Kopiuj odnośnik</translation>
    </message>
</context>
<context>
    <name>WallGrid</name>
    <message>
        <source>Streams</source>
        <translation>Strumienie</translation>
    </message>
</context>
<context>
    <name>WallPage</name>
    <message>
        <source>No stream is called that.</source>
        <translation>Nie ma strumienia o takiej nazwie.</translation>
    </message>
    <message>
        <source>Name of a stream</source>
        <translation>Nazwa strumienia</translation>
    </message>
</context>
<context>
    <name>WallTile</name>
    <message>
        <source>%1 × %2</source>
        <translation>%1 × %2</translation>
    </message>
    <message>
        <source>%1 fps</source>
        <translation>%1 kl./s</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>Snapshot</source>
        <translation>Zdjęcie</translation>
    </message>
    <message>
        <source>Large picture</source>
        <translation>Duży obraz</translation>
    </message>
    <message>
        <source>Enter</source>
        <translation>Enter</translation>
    </message>
    <message>
        <source>What can be done with %1</source>
        <translation>Co można zrobić z %1</translation>
    </message>
</context>
<context>
    <name>WallToolbar</name>
    <message>
        <source>Auto</source>
        <comment>columns</comment>
        <translation>Auto</translation>
    </message>
    <message>
        <source>Fewer columns</source>
        <translation>Mniej kolumn</translation>
    </message>
    <message>
        <source>More columns</source>
        <translation>Więcej kolumn</translation>
    </message>
    <message>
        <source>Fill the tiles</source>
        <translation>Wypełniaj kafelki</translation>
    </message>
    <message>
        <source>Names and figures</source>
        <translation>Nazwy i liczby</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Wznów</translation>
    </message>
    <message>
        <source>Pause all</source>
        <translation>Wstrzymaj wszystkie</translation>
    </message>
    <message>
        <source>Add source</source>
        <translation>Dodaj źródło</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Polecenia</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Statystyki</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Ustawienia</translation>
    </message>
    <message>
        <source>Leave full screen</source>
        <translation>Zamknij pełny ekran</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Pełny ekran</translation>
    </message>
    <message>
        <source>Products</source>
        <translation>Produkty</translation>
    </message>
    <message>
        <source>Stop all recordings</source>
        <translation>Zatrzymaj wszystkie nagrania</translation>
    </message>
    <message>
        <source>Record all</source>
        <translation>Nagrywaj wszystko</translation>
    </message>
    <message>
        <source>Call</source>
        <translation>Rozmowa</translation>
    </message>
</context>
</TS>
