// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EnergyDays} from "./EnergyDays.sol";

/// @title What a settler can be caught at, decided from one or two leaves (PROTOCOL 7.4 and 7.5).
/// @notice Pure. Whoever calls must have checked that the leaves stand in the day's root, and which header belongs to which entry.
library EnergyFaults {
    uint8 internal constant SELLS = 0;
    uint8 internal constant BUYS = 1;
    int256 private constant WEI_PER_GWEI = 1e9;

    /// @notice Prices that every trade lies between, set a day ahead.
    struct Tariff {
        uint32 retailGweiPerWh;
        uint32 feedInGweiPerWh;
    }

    /// @notice An order that is strictly better than the price and lacks something, in a slot that has a price.
    function isBetterUnfilled(
        EnergyDays.Header memory header,
        EnergyDays.Line memory line
    ) internal pure returns (bool) {
        if (header.tradedWh == 0 || line.filledWh >= line.wattHours) return false;
        return
            line.side == BUYS
                ? line.limitGweiPerWh > header.priceGweiPerWh
                : line.limitGweiPerWh < header.priceGweiPerWh;
    }

    /// @notice A fill beyond the order's size, against its limit, or at a price outside feed-in to retail.
    function isOutsideLimit(
        EnergyDays.Header memory header,
        EnergyDays.Line memory line,
        Tariff memory tariff
    ) internal pure returns (bool) {
        if (line.filledWh > line.wattHours) return true;
        if (line.filledWh == 0) return false;
        uint256 price = header.priceGweiPerWh;
        if (price > tariff.retailGweiPerWh || price < tariff.feedInGweiPerWh) return true;
        return line.side == BUYS ? line.limitGweiPerWh < price : line.limitGweiPerWh > price;
    }

    /// @notice Of two lines with one side and limit, the lower hash lacks something while the higher one has a fill.
    function isUnfairAtTheMargin(
        EnergyDays.Line memory lower,
        EnergyDays.Line memory higher
    ) internal pure returns (bool) {
        if (lower.side != higher.side || lower.limitGweiPerWh != higher.limitGweiPerWh) return false;
        return lower.orderHash < higher.orderHash && lower.filledWh < lower.wattHours && higher.filledWh != 0;
    }

    /// @notice The sums before an entry and its own figures do not make the sums before its neighbour, or hashes do not ascend.
    function breaksBetween(EnergyDays.Entry memory entry, EnergyDays.Entry memory next) internal pure returns (bool) {
        (uint256 bought, uint256 sold, uint256 delivered, uint256 taken) = sumsAfter(entry);
        return
            entry.line.orderHash >= next.line.orderHash ||
            bought != next.sums.boughtBeforeWh ||
            sold != next.sums.soldBeforeWh ||
            delivered != next.run.deliveredBeforeWh ||
            taken != next.run.takenBeforeWh;
    }

    /// @notice The sums after a slot's last entry are not the header's, or bought and sold differ.
    function breaksAtTheEnd(
        EnergyDays.Header memory header,
        EnergyDays.Entry memory last
    ) internal pure returns (bool) {
        (uint256 bought, uint256 sold, uint256 delivered, uint256 taken) = sumsAfter(last);
        return
            bought != header.tradedWh ||
            sold != header.tradedWh ||
            delivered != header.deliveredWh ||
            taken != header.takenWh;
    }

    /// @notice A slot's first entry has sums before it.
    function breaksAtTheStart(EnergyDays.Entry memory first) internal pure returns (bool) {
        EnergyDays.Sums memory sums = first.sums;
        EnergyDays.Run memory run = first.run;
        return (sums.boughtBeforeWh | sums.soldBeforeWh | run.deliveredBeforeWh | run.takenBeforeWh) != 0;
    }

    /// @notice Sums of the slot up to and including an entry.
    function sumsAfter(
        EnergyDays.Entry memory entry
    ) internal pure returns (uint256 bought, uint256 sold, uint256 delivered, uint256 taken) {
        (bought, sold) = (entry.sums.boughtBeforeWh, entry.sums.soldBeforeWh);
        (delivered, taken) = (entry.run.deliveredBeforeWh, entry.run.takenBeforeWh);
        if (entry.line.side == BUYS) {
            bought += entry.line.filledWh;
            taken += keptWh(entry);
        } else {
            sold += entry.line.filledWh;
            delivered += keptWh(entry);
        }
    }

    /// @notice The part of a trade that really happened.
    function keptWh(EnergyDays.Entry memory entry) internal pure returns (uint256) {
        uint256 filled = entry.line.filledWh;
        uint256 measured = entry.measure.measuredWh;
        return measured < filled ? measured : filled;
    }

    /// @notice What a trade comes to by measured delivery: positive is received. All trades of a slot sum to zero.
    /// @dev Kept Wh of both sides are paid at the price; what the other side missed is paid (retail - price) by short sellers and
    /// (price - feed-in) by short buyers. Shares are differences of floors over running sums, so none depends on another leaf. A header
    /// whose sums do not follow from its entries must be challenged as such; here it may make the division or the subtraction revert.
    function netWei(
        EnergyDays.Header memory header,
        EnergyDays.Entry memory entry,
        Tariff memory tariff
    ) internal pure returns (int256) {
        Shares memory shares =
            entry.line.side == BUYS
                ? _split(
                    header.tradedWh,
                    header.takenWh,
                    header.deliveredWh,
                    Own(entry.sums.boughtBeforeWh, entry.run.takenBeforeWh, entry.line.filledWh, keptWh(entry))
                )
                : _split(
                    header.tradedWh,
                    header.deliveredWh,
                    header.takenWh,
                    Own(entry.sums.soldBeforeWh, entry.run.deliveredBeforeWh, entry.line.filledWh, keptWh(entry))
                );
        int256 price = int256(uint256(header.priceGweiPerWh));
        int256 buyerLoses = int256(uint256(tariff.retailGweiPerWh)) - price;
        int256 sellerLoses = price - int256(uint256(tariff.feedInGweiPerWh));
        int256 paid = price * int256(shares.matched);
        return
            WEI_PER_GWEI *
            (
                entry.line.side == BUYS
                    ? buyerLoses * int256(shares.stoodUp) - paid - sellerLoses * int256(shares.missed)
                    : paid + sellerLoses * int256(shares.stoodUp) - buyerLoses * int256(shares.missed)
            );
    }

    /// @dev A trade's own figures, and those of its side before it.
    struct Own {
        uint256 filledBefore;
        uint256 keptBefore;
        uint256 filled;
        uint256 kept;
    }

    /// @dev Wh paid at the price, kept without a counterpart, and missed by the other side.
    struct Shares {
        uint256 matched;
        uint256 stoodUp;
        uint256 missed;
    }

    function _split(
        uint256 traded,
        uint256 keptInAll,
        uint256 keptByOthers,
        Own memory own
    ) private pure returns (Shares memory shares) {
        uint256 matchedInAll = keptInAll < keptByOthers ? keptInAll : keptByOthers;
        shares.matched = shareOf(matchedInAll, own.keptBefore, own.kept, keptInAll);
        shares.stoodUp = own.kept - shares.matched;
        shares.missed = shareOf(
            keptByOthers - matchedInAll,
            own.filledBefore - own.keptBefore,
            own.filled - own.kept,
            traded - keptInAll
        );
    }

    /// @notice The part of `amount` that falls to a weight, given the weights before it: whole, and summing to `amount` over all.
    function shareOf(uint256 amount, uint256 before, uint256 own, uint256 all) internal pure returns (uint256) {
        if (all == 0) return 0;
        return (amount * (before + own)) / all - (amount * before) / all;
    }
}
