-- What the product last took for the time (milliseconds since 1970 UTC), and since when time has been found to have jumped.
create table clock(
    id bigint not null primary key check (id = 1),
    seen bigint not null,
    unsettled_since bigint
);
