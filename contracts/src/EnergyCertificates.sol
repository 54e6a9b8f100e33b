// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC1155} from "@openzeppelin/contracts/token/ERC1155/ERC1155.sol";
import {IEnergyCertificates} from "./interfaces/IEnergyCertificates.sol";

/// @title EnergyCertificates, as IEnergyCertificates describes it.
contract EnergyCertificates is ERC1155, IEnergyCertificates {
    uint256 private constant SELF_DECLARED = 1 << 255;

    address private immutable MARKET;

    /// @inheritdoc IEnergyCertificates
    mapping(uint256 id => uint256) public override mintedWh;
    /// @inheritdoc IEnergyCertificates
    mapping(uint256 id => uint256) public override retiredWh;

    constructor(address market) ERC1155("") {
        MARKET = market;
    }

    /// @inheritdoc IEnergyCertificates
    function mint(uint256 id, address[] calldata accounts, uint256[] calldata wattHours) external override {
        if (msg.sender != MARKET) revert NotEnergyMarket(msg.sender);
        if (accounts.length != wattHours.length) revert LengthsDiffer(accounts.length, wattHours.length);
        uint256[] memory ids = new uint256[](1);
        uint256[] memory amounts = new uint256[](1);
        ids[0] = id;
        for (uint256 i; i < accounts.length; ++i) {
            if (wattHours[i] == 0) continue;
            amounts[0] = wattHours[i];
            mintedWh[id] += wattHours[i];
            _update(address(0), accounts[i], ids, amounts);
        }
    }

    /// @inheritdoc IEnergyCertificates
    function retire(uint256 id, uint256 wattHours, bytes32 beneficiaryHash) external override {
        if (wattHours == 0) revert NothingToRetire();
        retiredWh[id] += wattHours;
        _burn(msg.sender, id, wattHours);
        emit Retired(id, msg.sender, wattHours, beneficiaryHash);
    }

    /// @inheritdoc IEnergyCertificates
    function idOf(bytes32 community, uint32 day, bool selfDeclared) external pure override returns (uint256) {
        uint256 id = uint256(keccak256(abi.encode(community, day))) >> 1;
        return selfDeclared ? id | SELF_DECLARED : id;
    }

    /// @inheritdoc IEnergyCertificates
    function isSelfDeclared(uint256 id) external pure override returns (bool) {
        return id & SELF_DECLARED != 0;
    }
}
