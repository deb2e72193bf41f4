"""Towns and their people: households, friends, phones, accounts, homes and jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlink.datasets._world.model import Country, Organisation, Person, Town

if TYPE_CHECKING:
    from netlink.datasets._draw import Draw
    from netlink.datasets._world.model import Chronicle

# Invented countries, their place on the way, and how many of a hundred people live there.
COUNTRIES = (
    ("Arvenia", "origin", 25),
    ("Bresovia", "origin", 20),
    ("Corlandia", "transit", 15),
    ("Dannmere", "destination", 25),
    ("Estmarch", "destination", 15),
)
TOWN_SIZE = 100
HOUSEHOLD_SIZES = (1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5)


def settle(size: int, chronicle: Chronicle, draw: Draw) -> list[Town]:
    """Found the towns and fill them with as many people as asked for."""
    towns = []
    # People come first among the entities, so that the n-th person is the n-th entity.
    entities = [chronicle.new("person", "") for _ in range(size)]
    share = 0
    for name, stage, part in COUNTRIES:
        first, share = size * share // 100, share + part
        own = entities[first : size * share // 100]
        posts = tuple(chronicle.new("location", name) for _ in range(1 + size // 3000))
        country = Country(name, stage, posts)
        count = max(1, len(own) // TOWN_SIZE)
        for i in range(count):
            camera, hotel = chronicle.new("location", name), chronicle.new("location", name)
            town = Town(country, camera, hotel)
            _fill(town, own[len(own) * i // count : len(own) * (i + 1) // count], chronicle, draw)
            towns.append(town)
    for town in towns:
        _befriend(town, towns, draw)
    return towns


def _fill(town: Town, entities: list[int], chronicle: Chronicle, draw: Draw) -> None:
    place = town.country.name
    while entities:
        size = min(draw.choice(HOUSEHOLD_SIZES), len(entities))
        members, entities = entities[:size], entities[size:]
        home = chronicle.new("location", place)
        household = [
            Person(entity, town, home, is_child=i > 1 and draw.chance(0.6))
            for i, entity in enumerate(members)
        ]
        for person in household:
            chronicle.countries[person.entity] = place
            person.kin.extend(other for other in household if other is not person)
            chronicle.add("home", person.entity, home)
        town.households.append(household)
        town.people.extend(household)
    for _ in range(max(2, len(town.people) // 15)):
        organisation, account, phone = (
            chronicle.new(kind, place) for kind in ("organisation", "account", "phone")
        )
        town.organisations.append(Organisation(organisation, account, phone))
        chronicle.add("bank_mandate", organisation, account)
        chronicle.add("phone_contract", organisation, phone)
    for person in town.people:
        _equip(person, chronicle, draw)


def _equip(person: Person, chronicle: Chronicle, draw: Draw) -> None:
    """Give a person what people have: phones, accounts, a car, a job."""
    place = person.town.country.name

    def own(kind: str, channel: str) -> int:
        thing = chronicle.new(kind, place)
        chronicle.add(channel, person.entity, thing)
        return thing

    if draw.chance(0.4 if person.is_child else 0.97):
        person.phones.append(own("phone", "phone_contract"))
    if draw.chance(0.4):
        person.web = own("online_account", "web_account")
    if person.is_child:
        return
    if draw.chance(0.15):
        person.phones.append(own("phone", "phone_borrowed"))
    if draw.chance(0.9):
        person.account = own("account", "bank_mandate")
    if draw.chance(0.35):
        person.vehicle = own("vehicle", "vehicle_registration")
    if draw.chance(0.6):
        person.employer = draw.choice(person.town.organisations)
        start = draw.integer(-900, 300)
        chronicle.add("job", person.entity, person.employer.entity, start)


def _befriend(town: Town, towns: list[Town], draw: Draw) -> None:
    """Tie people to neighbours mostly, to others of the town, and to a few far away."""
    people = town.people
    for position, person in enumerate(people):
        # Both ends of a friendship are counted: most people end with four to eight.
        wanted = 1 if person.is_child else 1 + draw.heavy(1.0, 25)
        for _ in range(wanted):
            where = draw.unit()
            if where < 0.6:
                near = max(0, min(len(people) - 1, position + draw.integer(-9, 9)))
                other = people[near]
            elif where < 0.95:
                other = draw.choice(people)
            else:
                other = draw.choice(draw.choice(towns).people)
            if other is not person and other not in person.kin and other not in person.friends:
                person.friends.append(other)
                other.friends.append(person)
    # Some households have kin in another one of the country.
    for household in town.households:
        if draw.chance(0.5):
            distant = draw.choice(draw.choice(towns).people)
            first = household[0]
            if distant.town.country is town.country and distant not in [first, *first.kin]:
                first.kin.append(distant)
                distant.kin.append(first)
