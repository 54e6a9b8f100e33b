// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IEnergyCertificates} from "../src/interfaces/IEnergyCertificates.sol";
import {IEnergyMarket} from "../src/interfaces/IEnergyMarket.sol";
import {IPayments} from "../src/interfaces/IPayments.sol";
import {EnergyFixture, Wallet} from "./support/EnergyFixture.sol";

contract EnergyMarketTest is EnergyFixture {
    function lockOf(uint256 home) private view returns (uint256) {
        return energyMarket.memberOf(homes[home].addr).lockedWei;
    }

    // Communities and tariffs

    function test_a_community_has_an_admitter_or_its_own_word() public {
        IEnergyMarket.CommunityView memory known = energyMarket.communityOf(community);
        vm.assertEq(known.admitter, admitter.addr);
        vm.assertEq(known.founder, admitter.addr);
        bytes32 own = energyMarket.found(address(0));
        vm.assertEq(energyMarket.communityOf(own).admitter, address(0));
        vm.assertEq(energyMarket.communityOf(own).founder, address(this));
        vm.assertTrue(own != energyMarket.found(address(0)));
        vm.prank(guard.addr);
        stewardship.pauseNewWork();
        vm.expectRevert(IEnergyMarket.NewWorkStopped.selector);
        energyMarket.found(address(0));
    }

    function test_tariffs_are_set_by_the_admitter_for_days_to_come() public {
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.NotAdmitter.selector, community, address(this)));
        energyMarket.setTariff(community, today() + 1, 1, 2);
        vm.startPrank(admitter.addr);
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.TariffInvalid.selector, 3, 2));
        energyMarket.setTariff(community, today() + 1, 3, 2);
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.TariffTooLate.selector, today(), today()));
        energyMarket.setTariff(community, today(), 1, 2);
        energyMarket.setTariff(community, today() + 1, 1, 2);
        energyMarket.setTariff(community, today() + 1, 3, 4);
        vm.stopPrank();
        IEnergyMarket.CommunityView memory known = energyMarket.communityOf(community);
        vm.assertEq(known.earlierFeedInGweiPerWh, FEED_IN);
        vm.assertEq(known.earlierRetailGweiPerWh, RETAIL);
        vm.assertEq(known.feedInGweiPerWh, 3);
        bytes32 own = energyMarket.found(address(0));
        energyMarket.setTariff(own, today() + 1, 1, 2);
    }

    // Members

    function refusedAdmission(
        IEnergyMarket.Admission memory admission,
        Wallet memory home,
        bytes memory refusal
    ) private {
        bytes32 structHash = admissionHash(admission);
        bytes memory byAdmitter = signEnergy(admitter, structHash);
        bytes memory byNode = signEnergy(home, structHash);
        vm.expectRevert(refusal);
        energyMarket.admit(admission, byAdmitter, byNode);
    }

    function test_admission_refuses_strangers_doubles_and_what_is_not_signed() public {
        Wallet memory home = walletOf(990);
        authorize(operator, home, 2);
        IEnergyMarket.Admission memory admission = admissionOf(home, "none", "meter", "connection");
        refusedAdmission(
            admission,
            home,
            abi.encodeWithSelector(IEnergyMarket.CommunityUnknown.selector, bytes32("none"))
        );
        admission = admissionOf(home, community, bytes32(uint256(100)), "connection");
        refusedAdmission(
            admission,
            home,
            abi.encodeWithSelector(IEnergyMarket.MeterTaken.selector, bytes32(uint256(100)))
        );
        admission = admissionOf(home, community, "meter", bytes32(uint256(200)));
        refusedAdmission(
            admission,
            home,
            abi.encodeWithSelector(IEnergyMarket.ConnectionTaken.selector, bytes32(uint256(200)))
        );
        admission = admissionOf(homes[0], community, "meter", "connection");
        refusedAdmission(
            admission,
            homes[0],
            abi.encodeWithSelector(IEnergyMarket.AlreadyMember.selector, homes[0].addr)
        );
        admission = admissionOf(home, community, "meter", "connection");
        bytes32 structHash = admissionHash(admission);
        bytes memory byNode = signEnergy(home, structHash);
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.SignatureInvalid.selector, admitter.addr, home.addr));
        energyMarket.admit(admission, byNode, byNode);
        bytes memory byAdmitter = signEnergy(admitter, structHash);
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.SignatureInvalid.selector, home.addr, address(0)));
        energyMarket.admit(admission, byAdmitter, "");
        vm.warp(admission.expiry + 1);
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.AdmissionExpired.selector, admission.expiry));
        energyMarket.admit(admission, byAdmitter, byNode);
    }

    function test_a_member_leaves_and_gets_its_lock_back_when_its_days_are_settled() public {
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.NotMember.selector, community, homes[1].addr));
        energyMarket.withdrawLock(homes[1].addr);
        bytes memory signature = signLeave(homes[1]);
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.SignatureInvalid.selector, homes[1].addr, address(0)));
        energyMarket.resign(homes[1].addr, "");
        energyMarket.resign(homes[1].addr, signature);
        vm.prank(admitter.addr);
        energyMarket.resign(homes[2].addr, "");
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.NotMember.selector, community, homes[1].addr));
        energyMarket.resign(homes[1].addr, signature);
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.NotMember.selector, community, homes[1].addr));
        energyMarket.lock(homes[1].addr, 1);
        uint256 until = (uint256(today()) + 3) * SLOTS_PER_DAY * ENERGY_SLOT;
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.StillMember.selector, until));
        energyMarket.withdrawLock(homes[1].addr);
        uint256 before = token.balanceOf(customer.addr);
        vm.warp(until);
        energyMarket.withdrawLock(homes[1].addr);
        vm.assertEq(token.balanceOf(customer.addr), before + LOCK);
        vm.assertEq(registry.stakeOf(owners[1].addr, address(energyMarket)).openWork, 0);
        // The meter is free again.
        admit(homes[1], community, bytes32(uint256(101)), bytes32(uint256(201)));
        energyMarket.resign(homes[1].addr, signLeave(homes[1]));
        vm.warp(block.timestamp + 4 * SLOTS_PER_DAY * ENERGY_SLOT);
        energyMarket.withdrawLock(homes[1].addr);
    }

    // Settlement

    function test_a_day_moves_money_and_mints_certificates_in_one_call() public {
        uint32 day = today();
        honestDay(day);
        dayIsOver();
        settle(day);
        uint256 unit = uint256(MARKET_PRICE) * GWEI;
        vm.assertEq(lockOf(1), LOCK - 60 * unit);
        vm.assertEq(lockOf(2), LOCK - 40 * unit);
        vm.assertEq(lockOf(0), LOCK);
        uint256 paid = 100 * unit;
        vm.assertEq(payments.earningsOf(owners[0].addr).earnedWei, paid - (paid + 19) / 20);
        vm.assertEq(payments.accountOf(owners[0].addr, 2).feeBurnedWei, (paid + 19) / 20);
        uint256 id = certificates.idOf(community, day, false);
        vm.assertFalse(certificates.isSelfDeclared(id));
        vm.assertEq(certificates.balanceOf(owners[1].addr, id), 60);
        vm.assertEq(certificates.balanceOf(owners[2].addr, id), 40);
        vm.assertEq(certificates.balanceOf(owners[0].addr, id), 0);
        vm.assertEq(certificates.mintedWh(id), 100);
        IEnergyMarket.DayView memory settled = energyMarket.dayOf(community, day);
        vm.assertEq(settled.poster, homes[0].addr);
        vm.assertEq(settled.root, rootOf(day, treeOf(day)));
        vm.assertEq(settled.feedInGweiPerWh, FEED_IN);
        vm.assertEq(settled.retailGweiPerWh, RETAIL);
        vm.assertEq(energyMarket.timing().slotsPerDay, SLOTS_PER_DAY);
    }

    function refusedDay(uint32 day, IEnergyMarket.Net[] memory nets, bytes memory refusal) private {
        IEnergyMarket.DayTree memory tree = treeOf(day);
        bytes memory signature = signSettlement(homes[0], day, rootOf(day, tree), nets);
        vm.expectRevert(refusal);
        energyMarket.settleDay(
            IEnergyMarket.Settlement(IEnergyMarket.Day(community, day, tree), nets, homes[0].addr, signature)
        );
    }

    function test_a_day_is_refused_early_twice_unbalanced_or_from_nobody() public {
        uint32 day = today();
        honestDay(day);
        IEnergyMarket.Net[] memory nets = netsOf();
        uint256 endsAt = (uint256(day) + 1) * SLOTS_PER_DAY * ENERGY_SLOT;
        refusedDay(day, nets, abi.encodeWithSelector(IEnergyMarket.DayNotOver.selector, day, endsAt));
        dayIsOver();
        nets[1].netWei += 1;
        refusedDay(day, nets, abi.encodeWithSelector(IEnergyMarket.NetsNotBalanced.selector, int256(1)));
        nets = netsOf();
        nets[1].heldWh += 1;
        refusedDay(day, nets, abi.encodeWithSelector(IEnergyMarket.CertificatesNotBalanced.selector, 100, 101));
        nets = netsOf();
        nets[2].node = nets[1].node;
        refusedDay(day, nets, abi.encodeWithSelector(IEnergyMarket.NetsNotRising.selector, nets[1].node));
        nets = netsOf();
        uint256 most = (5000 * SLOTS_PER_DAY * ENERGY_SLOT) / 1 hours;
        nets[0].certifiedWh = uint64(most + 1);
        refusedDay(
            day,
            nets,
            abi.encodeWithSelector(IEnergyMarket.CertifiedBeyondPeak.selector, nets[0].node, most + 1, most)
        );
        nets = netsOf();
        (nets[2].node, nets[2].netWei) = (address(type(uint160).max), nets[2].netWei);
        refusedDay(
            day,
            nets,
            abi.encodeWithSelector(IEnergyMarket.NotMember.selector, community, address(type(uint160).max))
        );
        nets = netsOf();
        nets[1].netWei = -int128(int256(LOCK)) - 1;
        nets[0].netWei = -nets[1].netWei - nets[2].netWei;
        refusedDay(day, nets, abi.encodeWithSelector(IPayments.EscrowTooSmall.selector, LOCK + 1, LOCK));
        nets = netsOf();
        IEnergyMarket.DayTree memory tree = treeOf(day);
        bytes memory signature = signSettlement(homes[1], day, rootOf(day, tree), nets);
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.PosterWithoutProvision.selector, homes[1].addr));
        energyMarket.settleDay(
            IEnergyMarket.Settlement(IEnergyMarket.Day(community, day, tree), nets, homes[1].addr, signature)
        );
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.NotMember.selector, community, operator.addr));
        energyMarket.settleDay(
            IEnergyMarket.Settlement(IEnergyMarket.Day(community, day, tree), nets, operator.addr, signature)
        );
        vm.expectRevert(abi.encodeWithSelector(IEnergyMarket.SignatureInvalid.selector, homes[0].addr, homes[1].addr));
        energyMarket.settleDay(
            IEnergyMarket.Settlement(IEnergyMarket.Day(community, day, tree), nets, homes[0].addr, signature)
        );
        settle(day);
        refusedDay(day, nets, abi.encodeWithSelector(IEnergyMarket.DaySettledAlready.selector, community, day));
    }

    function test_who_left_is_settled_for_its_last_day_and_not_for_the_next() public {
        uint32 day = today();
        honestDay(day);
        energyMarket.resign(homes[1].addr, signLeave(homes[1]));
        dayIsOver();
        settle(day);
        honestDay(day + 1);
        vm.warp((uint256(day) + 2) * SLOTS_PER_DAY * ENERGY_SLOT);
        refusedDay(
            day + 1,
            netsOf(),
            abi.encodeWithSelector(IEnergyMarket.NotMember.selector, community, homes[1].addr)
        );
    }

    function test_a_day_keeps_the_tariff_that_counted_in_it() public {
        uint32 day = today();
        honestDay(day);
        vm.prank(admitter.addr);
        energyMarket.setTariff(community, day + 1, 1, 2);
        dayIsOver();
        settle(day);
        vm.assertEq(energyMarket.dayOf(community, day).retailGweiPerWh, RETAIL);
    }

    // Certificates

    function test_certificates_are_moved_retired_and_gone() public {
        uint32 day = today();
        honestDay(day);
        dayIsOver();
        settle(day);
        uint256 id = certificates.idOf(community, day, false);
        vm.startPrank(owners[1].addr);
        certificates.safeTransferFrom(owners[1].addr, customer.addr, id, 10, "");
        vm.expectRevert(IEnergyCertificates.NothingToRetire.selector);
        certificates.retire(id, 0, "");
        vm.expectEmit();
        emit IEnergyCertificates.Retired(id, owners[1].addr, 50, keccak256("for my flat in March"));
        certificates.retire(id, 50, keccak256("for my flat in March"));
        vm.expectRevert();
        certificates.retire(id, 1, "");
        vm.stopPrank();
        vm.assertEq(certificates.retiredWh(id), 50);
        vm.assertEq(certificates.balanceOf(customer.addr, id), 10);
    }

    function test_only_the_market_mints() public {
        vm.expectRevert(abi.encodeWithSelector(IEnergyCertificates.NotEnergyMarket.selector, address(this)));
        certificates.mint(1, new address[](0), new uint256[](0));
        vm.prank(address(energyMarket));
        vm.expectRevert(abi.encodeWithSelector(IEnergyCertificates.LengthsDiffer.selector, 1, 0));
        certificates.mint(1, new address[](1), new uint256[](0));
    }

    function testFuzz_certificates_are_minted_and_retired_to_the_watt_hour(uint64 minted, uint64 retired) public {
        retired = uint64(bound(retired, 1, type(uint64).max));
        address[] memory accounts = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (accounts[0], amounts[0]) = (customer.addr, minted);
        vm.prank(address(energyMarket));
        certificates.mint(7, accounts, amounts);
        vm.prank(customer.addr);
        if (retired > minted) vm.expectRevert();
        certificates.retire(7, retired, "");
        vm.assertEq(certificates.balanceOf(customer.addr, 7), retired > minted ? minted : minted - retired);
        vm.prank(customer.addr);
        certificates.setApprovalForAll(operator.addr, true);
        uint256 left = certificates.balanceOf(customer.addr, 7);
        uint256[] memory ids = new uint256[](1);
        (ids[0], amounts[0]) = (7, left);
        vm.startPrank(operator.addr);
        certificates.safeTransferFrom(customer.addr, node.addr, 7, left, "");
        vm.stopPrank();
        vm.prank(node.addr);
        certificates.safeBatchTransferFrom(node.addr, customer.addr, ids, amounts, "");
        vm.assertEq(certificates.balanceOf(customer.addr, 7), left);
    }

    // Self-declared

    function test_a_self_declared_community_moves_money_between_locks_and_earns_nothing() public {
        community = energyMarket.found(address(0));
        energyMarket.setTariff(community, today() + 1, FEED_IN, RETAIL);
        uint256 supply = token.totalSupply();
        Wallet[] memory sorted = sortedWallets(70_000);
        for (uint256 i; i < HOMES; ++i) {
            Wallet memory fresh = sorted[i];
            homes[i] = fresh;
            authorize(owners[i], fresh, 2);
            IEnergyMarket.Admission memory admission = admissionOf(
                fresh,
                community,
                bytes32(100 + i),
                bytes32(200 + i)
            );
            energyMarket.admit(admission, "", signEnergy(fresh, admissionHash(admission)));
            vm.prank(customer.addr);
            energyMarket.lock(fresh.addr, LOCK);
        }
        vm.warp((uint256(today()) + 1) * SLOTS_PER_DAY * ENERGY_SLOT);
        uint32 day = today();
        honestDay(day);
        dayIsOver();
        settle(day);
        uint256 unit = uint256(MARKET_PRICE) * GWEI;
        vm.assertEq(lockOf(0), LOCK + 100 * unit);
        vm.assertEq(lockOf(1), LOCK - 60 * unit);
        vm.assertEq(payments.earningsOf(owners[0].addr).earnedWei, 0);
        vm.assertEq(token.totalSupply(), supply);
        uint256 id = certificates.idOf(community, day, true);
        vm.assertTrue(certificates.isSelfDeclared(id));
        vm.assertEq(certificates.balanceOf(owners[1].addr, id), 60);
    }

    // Values of any size

    function testFuzz_a_day_keeps_every_wei(uint64[3] memory pays, uint64 certified) public {
        uint32 day = today();
        honestDay(day);
        dayIsOver();
        certified = uint64(bound(certified, 0, 166));
        IEnergyMarket.Net[] memory nets = new IEnergyMarket.Net[](4);
        int128 sum;
        for (uint256 i; i < 3; ++i) {
            int128 amount = int128(int256(bound(pays[i], 0, LOCK)));
            if (i == 1) amount = -amount;
            nets[i] = IEnergyMarket.Net(homes[i].addr, -amount, i == 0 ? certified : 0, i == 1 ? certified : 0);
            sum += amount;
        }
        nets[3] = IEnergyMarket.Net(homes[3].addr, sum, 0, 0);
        if (sum < -int128(int256(LOCK))) return;
        uint256 held = token.balanceOf(address(payments));
        IEnergyMarket.DayTree memory tree = treeOf(day);
        bytes memory signature = signSettlement(homes[0], day, rootOf(day, tree), nets);
        energyMarket.settleDay(
            IEnergyMarket.Settlement(IEnergyMarket.Day(community, day, tree), nets, homes[0].addr, signature)
        );
        uint256 accounted;
        for (uint256 i; i < HOMES; ++i) {
            accounted += lockOf(i);
            accounted +=
                payments.earningsOf(owners[i].addr).earnedWei + payments.earningsOf(owners[i].addr).feeBurnedWei;
        }
        vm.assertEq(accounted, HOMES * LOCK);
        vm.assertEq(token.balanceOf(address(payments)), held);
        vm.assertEq(certificates.balanceOf(owners[1].addr, certificates.idOf(community, day, false)), certified);
    }

    function testFuzz_members_come_and_go_with_their_meters(uint256 seed, uint32 feedIn, uint32 retail) public {
        bytes32 own = energyMarket.found(address(0));
        if (feedIn > retail) (feedIn, retail) = (retail, feedIn);
        energyMarket.setTariff(own, today() + 1, feedIn, retail);
        Wallet memory home = walletOf(bound(seed, 1e6, 1e7));
        authorize(operator, home, 2);
        IEnergyMarket.Admission memory admission = admissionOf(
            home,
            own,
            bytes32(seed | 1),
            keccak256(abi.encode(seed))
        );
        bytes memory signature = signEnergy(home, admissionHash(admission));
        energyMarket.admit(admission, "", signature);
        vm.assertEq(energyMarket.memberOf(home.addr).meter, bytes32(seed | 1));
        uint256 amount = bound(seed, 1, 1e20);
        vm.prank(customer.addr);
        energyMarket.lock(home.addr, amount);
        energyMarket.resign(home.addr, signLeave(home));
        vm.warp(block.timestamp + 4 * SLOTS_PER_DAY * ENERGY_SLOT);
        uint256 before = token.balanceOf(customer.addr);
        energyMarket.withdrawLock(home.addr);
        vm.assertEq(token.balanceOf(customer.addr), before + amount);
        vm.assertEq(energyMarket.memberOf(home.addr).meter, 0);
    }
}
